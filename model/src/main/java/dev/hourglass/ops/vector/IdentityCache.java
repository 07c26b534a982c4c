package dev.hourglass.ops.vector;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Values that belong to objects for as long as these live. Objects are told apart by identity:
 * tensors are equal when their addresses are, and an address is soon used again.
 */
final class IdentityCache<K, V> {

  private final Map<Key<K>, V> values = new HashMap<>();
  private final ReferenceQueue<K> collected = new ReferenceQueue<>();

  /** The object's value; {@code make} makes it the first time. */
  synchronized V get(K object, Supplier<V> make) {
    for (Reference<?> key = collected.poll(); key != null; key = collected.poll()) {
      values.remove(key);
    }
    return values.computeIfAbsent(new Key<>(object, collected), key -> make.get());
  }

  private static final class Key<K> extends WeakReference<K> {
    private final int hash;

    Key(K object, ReferenceQueue<K> queue) {
      super(object, queue);
      hash = System.identityHashCode(object);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Identity is the point.
    public boolean equals(Object other) {
      return this == other || (other instanceof Key<?> key && get() != null && get() == key.get());
    }
  }
}
