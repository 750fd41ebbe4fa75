/* The sending protocol for one case: two ticks, two senders that may die at any point, a queue that brings messages
   again, a provider that takes, refuses, puts off or loses its answer, receipts at any moment, and the reconciler.

   moves.h is written from the ledger's own table (arrears.ledger.MOVES): the statuses as an mtype, and MAY(was, now).
   Time is left out. "Longer than any worker can live" is: no worker is at work on it; "no call can be on its way any
   more" is: none is. Each variant takes one protection away, and Spin must find that world wrong. */

#include "moves.h"

#define TRIES 3   /* fewer than the policy's: more of them bring no other move */
#ifndef DEATHS
#define DEATHS 1  /* how many workers die in one world */
#endif
#define LOSSES 1  /* how many answers of a claim get lost and are asked for again */

mtype = { NONE, YES, UNCLEAR, LATER, NEVER };

mtype status = NONE;
byte owner, attempts, accepted, calls, deaths, losses, told;
bool alive[3];    /* whether that sender is at work */
bool onway;       /* a call that nobody listens to any more, and that may still arrive */
bool canask;      /* whether the provider can be asked */
chan queue = [2] of { bit };

inline move(was, now) {
    atomic { if :: status == was -> assert(MAY(was, now)); status = now :: else fi }
}

inline ring() { atomic { if :: nfull(queue) -> queue ! 1 :: full(queue) fi } }

inline accept() { atomic { accepted++; assert(accepted <= 1) } }

/* the container dies here: the message was not dealt with and is brought again */
#define MAY_DIE :: atomic { deaths < DEATHS -> deaths++; alive[me] = false; fate = NONE; ring(); goto again }

#ifdef BLIND_RESEND
#define MINE_TO_CLAIM (status == PLANNED || status == SENDING)
#else
#define MINE_TO_CLAIM (status == PLANNED)
#endif

active [2] proctype tick() {
    atomic { if :: status == NONE -> status = PLANNED :: else fi }   /* the row first */
    if
    :: ring()                                                        /* then the bell */
    :: deaths < DEATHS -> deaths++
    fi
}

proctype sender(byte me) {
    mtype fate = NONE;
again:
end:
    atomic { queue ? _; alive[me] = true }
    if :: skip MAY_DIE fi

    /* the claim: one transaction, after a look that changes nothing */
    atomic {
        if
        :: MINE_TO_CLAIM ->
            assert(status == SENDING || MAY(status, SENDING));
            status = SENDING; owner = me; attempts++
        :: else -> goto done
        fi
    }
    if
    :: skip
    :: atomic { losses < LOSSES -> losses++;   /* the answer got lost, and botocore asks again */
#ifdef NO_OWNER_TOKEN
        goto done }
#else
        if :: status == SENDING && owner == me :: else -> goto done fi }
#endif
    MAY_DIE
    fi

    /* the call: once */
    atomic {
        calls = 1;
        if
        :: accept(); fate = YES
        :: accept(); fate = UNCLEAR
        :: fate = UNCLEAR
        :: onway = true; fate = UNCLEAR
        :: fate = LATER
        :: fate = NEVER
        fi
    }
    if :: skip MAY_DIE fi

    /* what came of it, if the row is still ours */
    atomic {
        if
        :: status == SENDING && owner == me ->
            if
            :: fate == YES -> move(SENDING, SENT)
            :: fate == NEVER -> move(SENDING, REJECTED)
#ifdef FORGET_ON_EXCEPTION
            :: fate == UNCLEAR && attempts < TRIES -> owner = 0; move(SENDING, PLANNED); ring()
            :: fate == UNCLEAR && attempts >= TRIES -> move(SENDING, UNKNOWN)
#else
            :: fate == UNCLEAR -> move(SENDING, UNKNOWN)
#endif
            :: fate == LATER && attempts < TRIES -> owner = 0; move(SENDING, PLANNED); ring()
            :: fate == LATER && attempts >= TRIES -> move(SENDING, EXHAUSTED)
            fi
        :: else
        fi
    }
done:
    atomic { alive[me] = false; fate = NONE; goto again }
}

active proctype line() {   /* a late call arrives */
end:
    do :: atomic { onway -> onway = false; accept() } od
}

active proctype receiver() {   /* receipts, in any order, twice */
end:
    do
    :: accepted && told < 2 -> told++;
        if
        :: skip -> atomic { if :: MAY(status, DELIVERED) -> status = DELIVERED :: else fi }
#ifdef RECEIPT_BACK
        :: skip -> atomic { if :: status == DELIVERED -> move(DELIVERED, UNDELIVERED) :: else fi }
#endif
        :: skip -> atomic { if :: MAY(status, UNDELIVERED) -> status = UNDELIVERED :: else fi }
        fi
    od
}

active proctype reconciler() {
    bool has;
end:
    do
#ifndef NO_DOUBT
#ifdef EARLY
    :: status == SENDING -> has = accepted; if :: has :: else -> owner = 0; move(SENDING, PLANNED); ring() fi
#else
    :: atomic { status == SENDING && !alive[owner] -> move(SENDING, UNKNOWN) }
#endif
#endif
#ifdef RESEND_UNKNOWN
    :: status == UNKNOWN && attempts < TRIES -> owner = 0; move(UNKNOWN, PLANNED); ring()
#endif
#ifdef ASKED_AT_ONCE
    :: status == UNKNOWN && canask -> has = accepted;
#else
    :: status == UNKNOWN && canask && !onway -> has = accepted;
#endif
        if
        :: has -> move(UNKNOWN, SENT)
        :: !has && attempts < TRIES -> owner = 0; move(UNKNOWN, PLANNED); ring()
        :: !has && attempts >= TRIES -> move(UNKNOWN, EXHAUSTED)
        fi
#ifndef NO_SWEEPER
    :: atomic { status == PLANNED && empty(queue) && !alive[1] && !alive[2] -> ring() }
#endif
    od
}

/* When nothing can happen any more, the case is at an end that is true, or before a person's eyes. */
active proctype judge() {
    timeout;
    assert(status != NONE && status != PLANNED && status != SENDING);
    assert(!(status == SENT || status == DELIVERED || status == UNDELIVERED) || accepted == 1);
    assert(!(status == REJECTED || status == EXHAUSTED) || accepted == 0);
    assert(status != UNKNOWN || (!canask && (calls > 0 || deaths > 0)))
}

init {
    if :: canask = true :: canask = false fi;
    atomic { run sender(1); run sender(2) }
}
