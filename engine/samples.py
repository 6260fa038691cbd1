"""placeholder"""
def add_samples(casepath): return []
