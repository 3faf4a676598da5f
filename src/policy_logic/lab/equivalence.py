"""x"""
def why_equivalent(m,b): return ""
