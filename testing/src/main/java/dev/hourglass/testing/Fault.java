package dev.hourglass.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** What a method does instead, to show that a test would notice. */
@FunctionalInterface
public interface Fault<T> {

  /** The method's result; {@code exact} is the implementation without the fault. */
  Object run(T exact, Object[] arguments);

  /**
   * {@code exact} with a fault in the methods of that name. The interface's default methods see the
   * fault too: they run on the result.
   */
  static <T> T in(Class<T> type, T exact, String method, Fault<T> fault) {
    InvocationHandler handler =
        (proxy, called, arguments) -> {
          if (called.getName().equals(method)) {
            return fault.run(exact, arguments);
          }
          if (called.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, called, arguments);
          }
          try {
            return called.invoke(exact, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
