package dev.hourglass.bench.serve.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Bodies of requests for images: right ones of little work, and what can become of them. */
final class FuzzBodies {

  private static final List<String> SAMPLE_MEMBERS =
      List.of(
          "model",
          "class",
          "n",
          "first_index",
          "seed",
          "sampler",
          "sampler_options",
          "schedule",
          "steps",
          "sigmas",
          "guidance",
          "guidance_interval",
          "guide",
          "size",
          "vector",
          "init_image",
          "strength",
          "mask",
          "upscale",
          "colorize",
          "resample",
          "interpolate",
          "previews",
          "deadline");

  private static final List<String> GENERATION_MEMBERS =
      List.of("prompt", "model", "n", "size", "seed", "response_format", "stream");

  private final Chance chance;
  private final FuzzTarget target;

  FuzzBodies(Chance chance, FuzzTarget target) {
    this.chance = chance;
    this.target = target;
  }

  /** Members of a right request for at most two images of at most two steps. */
  Map<String, String> samples(int images) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("model", quoted(target.model()));
    members.put("n", Integer.toString(images));
    members.put("steps", Integer.toString(1 + chance.below(2)));
    members.put("previews", Integer.toString(chance.below(2)));
    members.put("deadline", "20"); // No mistake of this program's may cost more.
    maybe(members, "seed", Integer.toString(chance.below(1000)));
    maybe(members, "first_index", Integer.toString(chance.below(1000)));
    maybe(members, "sampler", "\"euler\"");
    maybe(members, "schedule", "\"karras\"");
    maybe(members, "size", quoted(target.height() + "x" + target.width()));
    if (!target.classes().isEmpty()) {
      maybe(members, "class", quoted(chance.of(target.classes())));
      maybe(members, "guidance", "1.5");
    }
    if (chance.is(0.1)) {
      members.put("init_image", OddImages.base64(OddImages.png(target.height(), target.width())));
      members.put("strength", "0.6");
      if (!target.classes().isEmpty()) {
        members.put("class", "0"); // That image does not say its class.
      }
    }
    return members;
  }

  /** Members of a request of OpenAI's API. Steps are the server's, so few of these are right. */
  Map<String, String> generation() {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("prompt", quoted(target.classes().isEmpty() ? "any" : chance.of(target.classes())));
    maybe(members, "model", quoted(target.model()));
    maybe(members, "size", "\"auto\"");
    maybe(members, "response_format", chance.is(0.5) ? "\"url\"" : "\"b64_json\"");
    maybe(members, "quality", "\"high\"");
    return members;
  }

  private void maybe(Map<String, String> members, String name, String value) {
    if (chance.is(0.3)) {
      members.put(name, value);
    }
  }

  /** Puts a wrong value in place of a right one, or in addition. */
  void spoil(Map<String, String> members, boolean samples) {
    String name = chance.of(samples ? SAMPLE_MEMBERS : GENERATION_MEMBERS);
    if (chance.is(0.07)) {
      name =
          chance.of(List.of("step", "Steps", "__proto__", "", "n ", "\\u006e\\u0000", "\\ud800"));
    }
    members.put(name, value(name));
  }

  private String value(String name) {
    if ((name.equals("init_image") || name.equals("mask")) && chance.is(0.7)) {
      String image = OddImages.base64(OddImages.odd(chance, target));
      return switch (chance.below(4)) {
        case 0 -> "\"data:image/png;base64," + image.substring(1);
        case 1 -> "[" + image + "," + image + "]";
        case 2 ->
            chance.of(List.of("\"data:,\"", "\"data:image/png;base64\"", "\"%%%%\"", "\"====\""));
        default -> image;
      };
    }
    if (name.equals("sampler") && !target.samplers().isEmpty() && chance.is(0.3)) {
      return quoted(chance.of(target.samplers()));
    }
    return OddValues.of(chance, name);
  }

  /** As text of which each character is a byte. */
  String json(Map<String, String> members) {
    List<String> names = new ArrayList<>(members.keySet());
    if (chance.is(0.3)) {
      Collections.reverse(names);
    }
    String json =
        names.stream()
            .map(name -> "\"" + name + "\":" + members.get(name))
            .collect(Collectors.joining(",", "{", "}"));
    return latin1(json);
  }

  /** What is no JSON, or not of the right kind. */
  String broken(String json) {
    int at = chance.below(json.length() + 1);
    return switch (chance.below(9)) {
      case 0 -> json.substring(0, at);
      case 1 -> json.substring(0, at) + chance.bytes(1 + chance.below(3)) + json.substring(at);
      case 2 -> json.substring(0, at) + json.substring(Math.min(json.length(), at + 1));
      case 3 -> json + json;
      case 4 -> chance.bytes(chance.below(300));
      case 5 -> latin1(OddValues.of(chance, ""));
      case 6 -> json.replaceFirst("\\{", "{\"steps\":1,\"steps\":2,");
      case 7 -> "\u00ef\u00bb\u00bf" + json; // a byte order mark
      default ->
          chance.of(List.of("", " ", "{", "}", "[", "\"", "{\"n\":NaN}", "{'n':1}", "{n:1}", "\0"));
    };
  }

  /** A form, of right and of wrong parts. */
  String form(String boundary, String json) {
    StringBuilder form = new StringBuilder();
    if (chance.is(0.9)) {
      part(form, boundary, "name=\"request\"", "application/json", json);
    }
    for (int i = chance.below(3); i > 0; i--) {
      String name = chance.of(List.of("init_image", "mask", "init_image", "image", "", "request"));
      part(
          form,
          boundary,
          "name=\"" + name + "\"; filename=\"" + chance.of(List.of("a.png", "../a", "\u00ff", "")),
          chance.of(List.of("image/png", "text/plain", "", "a/b/c")),
          OddImages.odd(chance, target));
    }
    if (chance.is(0.9)) {
      form.append("--").append(boundary).append("--\r\n");
    }
    return form.toString();
  }

  private void part(StringBuilder form, String boundary, String name, String type, String content) {
    String quote = name.endsWith("\"") || chance.is(0.05) ? "" : "\"";
    form.append("--").append(boundary).append("\r\n");
    form.append("Content-Disposition: form-data; ").append(name).append(quote).append("\r\n");
    form.append("Content-Type: ").append(type).append("\r\n\r\n");
    form.append(content).append("\r\n");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
