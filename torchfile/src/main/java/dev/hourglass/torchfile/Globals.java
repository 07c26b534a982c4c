package dev.hourglass.torchfile;

import dev.hourglass.safetensors.DType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The few Python names that a checkpoint may refer to, and what stands for them here. This is the
 * whole list: whatever is not on it cannot be reached from a file.
 */
final class Globals {

  /** A Python function or class that a file may call, done in Java. */
  @FunctionalInterface
  interface Callable {
    /**
     * Makes a value.
     *
     * @throws IllegalArgumentException if the arguments are not what it takes
     * @throws ClassCastException likewise
     * @throws IndexOutOfBoundsException likewise
     * @throws java.util.NoSuchElementException likewise
     * @throws ArithmeticException if a size overflows
     */
    Object call(List<?> arguments);
  }

  private static final Map<String, Object> KNOWN = new HashMap<>();

  static {
    callable("collections.OrderedDict", Globals::orderedDict);
    callable("torch.Size", arguments -> arguments.getFirst());
    callable("torch.device", arguments -> (String) arguments.getFirst());
    callable("torch._utils._rebuild_tensor", arguments -> tensor(arguments, Optional.empty()));
    callable("torch._utils._rebuild_tensor_v2", arguments -> tensor(arguments, Optional.empty()));
    callable(
        "torch._utils._rebuild_tensor_v3",
        arguments -> tensor(arguments, Optional.of((DType) arguments.get(6))));
    callable("torch._utils._rebuild_parameter", arguments -> (TorchTensor) arguments.getFirst());
    callable(
        "torch._utils._rebuild_parameter_with_state",
        arguments -> (TorchTensor) arguments.getFirst());

    storage("torch.DoubleStorage", DType.F64);
    storage("torch.FloatStorage", DType.F32);
    storage("torch.HalfStorage", DType.F16);
    storage("torch.BFloat16Storage", DType.BF16);
    storage("torch.ComplexFloatStorage", DType.C64);
    storage("torch.LongStorage", DType.I64);
    storage("torch.IntStorage", DType.I32);
    storage("torch.ShortStorage", DType.I16);
    storage("torch.CharStorage", DType.I8);
    storage("torch.ByteStorage", DType.U8);
    storage("torch.BoolStorage", DType.BOOL);
    storage("torch.UntypedStorage", DType.U8);
    storage("torch.storage.UntypedStorage", DType.U8);

    KNOWN.put("torch.float64", DType.F64);
    KNOWN.put("torch.float32", DType.F32);
    KNOWN.put("torch.float16", DType.F16);
    KNOWN.put("torch.bfloat16", DType.BF16);
    KNOWN.put("torch.float8_e4m3fn", DType.F8_E4M3);
    KNOWN.put("torch.float8_e5m2", DType.F8_E5M2);
    KNOWN.put("torch.float8_e4m3fnuz", DType.F8_E4M3FNUZ);
    KNOWN.put("torch.float8_e5m2fnuz", DType.F8_E5M2FNUZ);
    KNOWN.put("torch.float8_e8m0fnu", DType.F8_E8M0);
    KNOWN.put("torch.complex64", DType.C64);
    KNOWN.put("torch.int64", DType.I64);
    KNOWN.put("torch.int32", DType.I32);
    KNOWN.put("torch.int16", DType.I16);
    KNOWN.put("torch.int8", DType.I8);
    KNOWN.put("torch.uint64", DType.U64);
    KNOWN.put("torch.uint32", DType.U32);
    KNOWN.put("torch.uint16", DType.U16);
    KNOWN.put("torch.uint8", DType.U8);
    KNOWN.put("torch.bool", DType.BOOL);
  }

  private Globals() {}

  private static void callable(String name, Callable callable) {
    KNOWN.put(name, callable);
  }

  private static void storage(String name, DType dtype) {
    KNOWN.put(name, new StorageType(dtype));
  }

  /** A {@link Callable}, {@link StorageType} or {@link DType}, or nothing. */
  static Optional<Object> find(String module, String name) {
    return Optional.ofNullable(KNOWN.get(module + "." + name));
  }

  private static Object orderedDict(List<?> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      for (Object pair : (List<?>) arguments.getFirst()) {
        List<?> entry = (List<?>) pair;
        map.put(Unpickler.key(entry.get(0)), entry.get(1));
      }
    }
    return map;
  }

  /**
   * Storage, offset, shape, strides; what follows (gradients, hooks) says nothing of the values.
   */
  private static TorchTensor tensor(List<?> arguments, Optional<DType> dtype) {
    Storage storage = (Storage) arguments.getFirst();
    return new TorchTensor(
        storage,
        dtype.orElse(storage.dtype()),
        (Long) arguments.get(1),
        longs(arguments.get(2)),
        longs(arguments.get(3)));
  }

  private static List<Long> longs(Object list) {
    return ((List<?>) list).stream().map(Long.class::cast).toList();
  }
}
