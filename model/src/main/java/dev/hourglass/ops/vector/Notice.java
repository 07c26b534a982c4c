package dev.hourglass.ops.vector;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says in the log, once each, which operations libtorch computes for want of a kernel. */
final class Notice {

  private static final System.Logger LOG = System.getLogger(VectorOps.class.getName());

  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Notice() {}

  static void of(String operation) {
    if (SAID.add(operation)) {
      LOG.log(
          System.Logger.Level.INFO,
          "There is no kernel of ours for {0}; libtorch computes it.",
          operation);
    }
  }
}
