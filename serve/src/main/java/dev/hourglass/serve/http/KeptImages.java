package dev.hourglass.serve.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Images that are given out by address: the last few, for a while. */
final class KeptImages {

  private static final int MOST = 256;
  private static final long NANOS = 3_600_000_000_000L;

  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Kept(byte[] png, long since) {}

  private final Map<String, Kept> images = new LinkedHashMap<>();

  synchronized void keep(String id, byte[] png) {
    images.put(id, new Kept(png, System.nanoTime()));
    if (images.size() > MOST) {
      images.remove(images.keySet().iterator().next());
    }
  }

  synchronized Optional<byte[]> get(String id) {
    images.values().removeIf(kept -> System.nanoTime() - kept.since() > NANOS);
    return Optional.ofNullable(images.get(id)).map(Kept::png);
  }
}
