package dev.hourglass.architecture.part;

import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.part.attention.SelfAttention.Form;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import java.util.List;
import java.util.stream.Stream;

/** Reads an object of the key {@code self_attns}: kind of attention, numbers, similarity. */
public final class AttentionReader {

  private AttentionReader() {}

  /**
   * The kind and its numbers; {@link Catalog#SIMILARITIES} reads the similarity.
   *
   * @throws InputException if the kind is not known, a key is not one of its own or a number is
   *     missing
   */
  public static SelfAttention read(JsonSection section) {
    List<Form> forms = Catalog.ATTENTIONS;
    List<String> names = forms.stream().map(Form::name).toList();
    Form form = forms.get(names.indexOf(section.oneOf("type", names)));
    String similarity = Catalog.SIMILARITIES.key();
    if (form.equals(SelfAttention.None.FORM) && section.has(similarity)) {
      throw new InputException(
          "%s is set, but a level of type \"%s\" compares no tokens; remove it."
              .formatted(section.path(similarity), form.name()));
    }
    section.allow(
        Stream.of(List.of("type"), form.keys(), List.of(similarity))
            .flatMap(List::stream)
            .toList());
    return form.reader().apply(section);
  }
}
