package dev.hourglass.serve.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses what is computed together. First each request gets one place, those that have had least
 * before the others; then places go to any, as long as the pass does not keep small requests
 * waiting for large ones.
 */
final class NextPass {

  /** How many times as long as alone a request may wait for others to be computed beside it. */
  private static final double PATIENCE = 1.5;

  private NextPass() {}

  /**
   * What goes into the next pass.
   *
   * @param waiting in order of arrival, at least one
   * @param active all that have work, whether they wait now or not
   */
  static List<Waiting> of(List<Waiting> waiting, Set<Share> active) {
    List<Waiting> byClock = new ArrayList<>(waiting);
    byClock.sort(Comparator.comparingLong(each -> each.share().clock())); // Stable.
    Waiting first = byClock.getFirst();
    byClock.removeIf(each -> !each.goesWith(first));
    int limit = first.model().limit(first.pixels());

    List<Waiting> pass = new ArrayList<>();
    List<Waiting> rest = new ArrayList<>();
    Set<Share> served = new HashSet<>();
    int images = 0;
    for (Waiting each : byClock) {
      if (!served.contains(each.share()) && fits(pass, images, each, limit)) {
        served.add(each.share());
        pass.add(each);
        images += each.images();
      } else {
        rest.add(each);
      }
    }
    int most = patient(first.model(), active, limit);
    for (Waiting each : rest) {
      if (fits(pass, images, each, most)) {
        pass.add(each);
        images += each.images();
      }
    }
    return pass;
  }

  private static boolean fits(List<Waiting> pass, int images, Waiting next, int most) {
    return pass.isEmpty() || images + next.images() <= most;
  }

  /** Images that a pass may have before the smallest request is kept too long. */
  private static int patient(BatchedModel model, Set<Share> active, int limit) {
    int smallest = active.stream().mapToInt(Share::width).min().orElse(limit);
    double longest = PATIENCE * model.throughput().secondsOf(Math.min(limit, smallest));
    int most = 1;
    while (most < limit && model.throughput().secondsOf(most + 1) <= longest) {
      most++;
    }
    return active.size() <= 1 ? limit : most;
  }
}
