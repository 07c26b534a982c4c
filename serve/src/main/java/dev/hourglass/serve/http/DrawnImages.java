package dev.hourglass.serve.http;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.picture.PngFile;
import dev.hourglass.serve.request.Wanted;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Images as answers.
 *
 * @param software what the PNG files say that drew them
 */
record DrawnImages(String software) {

  /**
   * An image with what it carries.
   *
   * @param png the file
   * @param members of its JSON object
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Drawn(byte[] png, Map<String, Object> members) {}

  Drawn of(Wanted wanted, GeneratedImage image) {
    Map<String, Object> settings = new LinkedHashMap<>(wanted.words());
    settings.put("index", image.index());
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("index", image.index());
    members.put("seed", wanted.settings().seed());
    image
        .classNumber()
        .ifPresent(
            number -> {
              String name = wanted.model().file().className(number);
              settings.put("class", number);
              settings.put("class_name", name);
              members.put("class", number);
              members.put("class_name", name);
            });
    byte[] png =
        PngFile.bytes(
            image.image(), Map.of("Software", software, "hourglass", Answers.json(settings)));
    members.put("width", image.image().getWidth());
    members.put("height", image.image().getHeight());
    members.put("b64_png", Base64.getEncoder().encodeToString(png));
    members.put("settings", settings);
    return new Drawn(png, members);
  }
}
