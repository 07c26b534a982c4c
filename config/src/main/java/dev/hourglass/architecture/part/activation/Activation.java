package dev.hourglass.architecture.part.activation;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.architecture.primitive.Part;

/** The nonlinearity of a feed-forward block, from the up projection to the down projection. */
public sealed interface Activation extends Part, Named permits Gated, Plain {

  /** Of the gate, or of all channels. */
  Elementwise function();

  /** Channels of the up projection for each of the down projection: 2 with a gate. */
  int branches();
}
