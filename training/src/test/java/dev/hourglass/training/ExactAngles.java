package dev.hourglass.training;

import dev.hourglass.architecture.part.attention.AttentionCore;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.TensorPrimitives;
import dev.hourglass.tensor.Tensors;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Operations whose rotary positions and angles are float64 throughout, where the authors' code
 * rounds both to float32.
 */
final class ExactAngles {

  private ExactAngles() {}

  static Ops in(Ops ops) {
    return proxy(
        Ops.class,
        (self, method, arguments) ->
            method.getName().equals("fused") && arguments[0] instanceof AttentionCore core
                ? Optional.of(
                    core.apply(
                        rotatingExactly((TensorPrimitives) arguments[1], ops),
                        (Tensor) arguments[2]))
                : method.invoke(ops, arguments));
  }

  private static TensorPrimitives rotatingExactly(TensorPrimitives on, Ops ops) {
    return proxy(
        TensorPrimitives.class,
        (self, method, arguments) ->
            method.getName().equals("rotate")
                ? ops.rotate(
                    (Tensor) arguments[0], table((Tensor) arguments[0], (Tensor) arguments[1]))
                : method.invoke(on, arguments));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static RotaryTable table(Tensor x, Tensor frequencies) {
    long rows = x.size(1);
    long columns = x.size(2);
    double longer = Math.max(rows, columns);
    return RotaryTable.of(
        frequencies.to(ScalarType.Double),
        centres(rows, rows / longer),
        centres(columns, columns / longer),
        ScalarType.Double);
  }

  /** Middles of equal parts of [-extent, extent]. */
  private static Tensor centres(long count, double extent) {
    double[] centres =
        IntStream.range(0, (int) count)
            .mapToDouble(i -> extent * ((2 * i + 1) / (double) count - 1))
            .toArray();
    return Tensors.ofDoubles(centres, count);
  }
}
