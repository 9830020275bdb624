"""非机动车安全整治: violations of electric bicycles, measures for who repeats them, alarms, accidents and hot spots."""
