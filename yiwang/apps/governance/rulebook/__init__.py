"""智运中心制度体系 rulebook."""
