package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.json.JsonSection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One key of the config file and the parts that it chooses among. The first is the paper's and the
 * default, which is not written.
 *
 * @param key the key, such as {@code up_proj_act}
 * @param parts the alternatives
 */
public record Choice<P extends Named>(String key, List<P> parts) {

  /** The paper's part. */
  public P byDefault() {
    return parts.getFirst();
  }

  /**
   * The part that the section names.
   *
   * @throws dev.hourglass.core.InputException if it names none of them, with the one probably meant
   */
  public P read(JsonSection section) {
    List<String> names = parts.stream().map(Named::name).toList();
    return parts.get(names.indexOf(section.oneOf(key, names, byDefault().name())));
  }

  /** Names the part, unless it is the default. */
  public void write(ObjectNode section, P part) {
    if (!part.equals(byDefault())) {
      section.put(key, part.name());
    }
  }
}
