package dev.hourglass.architecture;

import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.attention.AttentionCore;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.part.attention.Similarity;
import dev.hourglass.architecture.primitive.DropoutPlace;

/**
 * What all layers of a level have in common.
 *
 * @param width channels of a token
 * @param hidden channels inside the feed-forward block
 * @param attention how tokens look at each other
 * @param similarity of queries and keys
 * @param dropout probability of dropping an activation
 */
public record LayerForm(
    int width,
    int hidden,
    SelfAttention attention,
    Similarity similarity,
    Parts parts,
    double dropout) {

  /**
   * A layer of this form.
   *
   * @param index counts the level's layers, down and then up: every odd one shifts its windows
   * @param place counts the layers of the whole model, to tell their dropout apart
   */
  public Layer layer(int index, int place) {
    return new Layer(
        attention
            .core(index, width, similarity, parts.positions())
            .map(core -> attentionBlock(core, new DropoutPlace(dropout, 2 * place))),
        new FeedForward(
            width,
            hidden,
            parts.norm(),
            parts.activation(),
            new Projections(parts.biases().up(), parts.biases().down()),
            new DropoutPlace(dropout, 2 * place + 1)));
  }

  private AttentionBlock attentionBlock(AttentionCore core, DropoutPlace place) {
    Projections biases = new Projections(parts.biases().qkv(), parts.biases().out());
    return new AttentionBlock(width, parts.norm(), core, biases, place);
  }
}
