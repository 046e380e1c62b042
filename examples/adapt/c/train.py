import ctypes
import sys

gradus = ctypes.CDLL(sys.argv[1])  # ./libgradus.so
floats, size = ctypes.POINTER(ctypes.c_float), ctypes.c_size_t
gradus.gradus_create.restype = ctypes.c_void_p
gradus.gradus_message.restype = ctypes.c_char_p

params = (ctypes.c_float * 3)(1, 2, 3)
pointers, sizes = (floats * 1)(params), (size * 1)(3)
optimizer = ctypes.c_void_p(gradus.gradus_create(b"cosine(0.1, 0, 100)", b"adamw", size(1), pointers, sizes, None))
if not optimizer:
    raise ValueError(gradus.gradus_message(None).decode())
for step in range(100):
    grads = (ctypes.c_float * 3)(*params)
    if gradus.gradus_step(optimizer, size(1), pointers, (floats * 1)(grads), None, None) != 0:
        raise ValueError(gradus.gradus_message(optimizer).decode())
gradus.gradus_free(optimizer)
print(list(params))
