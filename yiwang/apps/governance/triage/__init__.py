"""非警务、非紧急分流: emergencies passed on at once, classes suggested for the rest."""
