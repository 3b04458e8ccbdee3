package power

func axpyFloat(dst, src []float64, r float64) { axpyFloatGo(dst, src, r) }
