package memory

import (
	"os"
	"syscall"
	"unsafe"
)

// largePage is the size of a large page. Memory that is not aligned to it keeps small pages.
const largePage = 2 << 20

// largePages asks the system for large pages, which it need not give.
func largePages(b []byte) {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	skip := int(-start & (largePage - 1))
	if n := (len(b) - skip) &^ (largePage - 1); n > 0 && os.Getpagesize() <= largePage {
		_ = syscall.Madvise(b[skip:skip+n], syscall.MADV_HUGEPAGE) // without it the pages are small
	}
}
