"""Other servers that speak AWS's protocols, so that moto's habits are not our truth."""
