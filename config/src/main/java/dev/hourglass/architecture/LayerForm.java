package dev.hourglass.architecture;

import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.SelfAttention;
import dev.hourglass.architecture.part.Similarity;
import dev.hourglass.architecture.primitive.AttentionPattern;
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
            .pattern(index)
            .map(pattern -> attentionBlock(pattern, new DropoutPlace(dropout, 2 * place))),
        new FeedForward(
            width,
            hidden,
            parts.norm(),
            parts.activation(),
            new DropoutPlace(dropout, 2 * place + 1)));
  }

  private AttentionBlock attentionBlock(AttentionPattern pattern, DropoutPlace place) {
    AttentionCore core =
        new AttentionCore(pattern, similarity, parts.positions(), attention.heads(width));
    return new AttentionBlock(width, parts.norm(), core, place);
  }
}
