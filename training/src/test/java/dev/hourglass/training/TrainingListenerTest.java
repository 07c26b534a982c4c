package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingListenerTest {

  /** Writes down what it hears, and answers when it is asked to stop. */
  private static TrainingListener recording(String name, List<String> heard, boolean stops) {
    return (TrainingListener)
        Proxy.newProxyInstance(
            TrainingListener.class.getClassLoader(),
            new Class<?>[] {TrainingListener.class},
            (proxy, method, arguments) -> {
              heard.add(name + " " + method.getName());
              return method.getReturnType() == boolean.class ? stops : null;
            });
  }

  private static Object[] anything(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(type -> type == long.class ? (Object) 1L : null)
        .toArray();
  }

  @Test
  void eachOfSeveralListenersHearsEverythingInOrder() throws ReflectiveOperationException {
    List<String> heard = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    TrainingListener all =
        TrainingListener.all(recording("a", heard, false), recording("b", heard, false));
    for (Method method : TrainingListener.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
        method.invoke(all, anything(method));
        expected.add("a " + method.getName());
        expected.add("b " + method.getName());
      }
    }
    assertThat(heard).isEqualTo(expected).hasSizeGreaterThanOrEqualTo(18);
  }

  @Test
  void anyOfSeveralListenersStopsTheRun() {
    TrainingListener stops = recording("stops", new ArrayList<>(), true);
    assertThat(TrainingListener.all(TrainingListener.NONE, stops).stop()).isTrue();
    assertThat(TrainingListener.all(TrainingListener.NONE).stop()).isFalse();
  }
}
