"""巡查: cells and their leads, visits of places by plan, one report for three systems."""
