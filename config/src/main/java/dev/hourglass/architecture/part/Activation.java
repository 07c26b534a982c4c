package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Part;

/** The nonlinearity of a feed-forward block, from the up projection to the down projection. */
public interface Activation extends Part, Named {

  /** Channels of the up projection for each of the down projection: 2 with a gate. */
  int branches();
}
