package io.harveymq.management.page;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules that the page begins with, as one: browsers have one file sooner than thirty. Each
 * becomes a function that answers what it exports; the page's import map leads whoever imports one
 * of them here. They may write imports and exports in the usual ways only, see {@link #of}. One
 * thread.
 */
final class JoinedModules {
  /** Where the page finds them. */
  static final String PATH = "js/first.js";

  private static final Pattern PRELOADED =
      Pattern.compile("<link rel=\"modulepreload\" href=\"(js/[^\"]+)\">\\R");
  private static final Pattern STARTED =
      Pattern.compile("<script type=\"module\" src=\"(js/[^\"]+)\"></script>\\R");
  private static final Pattern MAP = Pattern.compile("\"imports\": \\{\\R");
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import (?:(\\{\\s*\\w+(?:,\\s*\\w+)*,?\\s*\\}|\\* as \\w+) from )?\"([^\"]+)\";\\R",
          Pattern.MULTILINE);
  private static final Pattern LATER = Pattern.compile("\\bimport\\(\"(\\.[^\"]+)\"\\)");
  private static final Pattern EXPORT =
      Pattern.compile(
          "^export (default )?((?:async )?(?:const|function|class) )(\\w+)", Pattern.MULTILINE);
  private static final Pattern UNUSUAL =
      Pattern.compile("^(?:import\\b(?!\\()|export\\b)|\\bimport\\.meta", Pattern.MULTILINE);

  /** Of whole lines. */
  private static final Pattern COMMENT =
      Pattern.compile("^ *(?://.*|/\\*\\*(?:[^*]++|\\*(?!/))*+\\*/ *)\\R", Pattern.MULTILINE);

  private static final Pattern INDENT = Pattern.compile("^\\s+", Pattern.MULTILINE);

  private final Function<String, String> text;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> open = new HashSet<>();
  private final Map<String, Set<String>> foreign = new TreeMap<>();
  private final Map<String, String> exported = new HashMap<>();
  private final StringBuilder functions = new StringBuilder();
  private final StringBuilder exports = new StringBuilder();

  private JoinedModules(Function<String, String> text) {
    this.text = text;
  }

  /** One file that stands for many, and the page that loads it. */
  record Joined(String script, String index) {}

  /**
   * Joins the modules that the page preloads and starts. An import names what it takes, without
   * {@code as}, or takes all as one; an export stands before what it exports, which is no {@code
   * let}; no two export the same name, and none needs one that needs it. Comments that have lines
   * of their own are left out, and so are indents and empty lines; no text may look like one.
   *
   * @param text what the file of a path contains
   * @throws IllegalArgumentException when they can't be joined; says which
   */
  static Joined of(String index, Function<String, String> text) {
    JoinedModules joined = new JoinedModules(text);
    List<String> paths = new ArrayList<>(paths(PRELOADED, index));
    paths.addAll(paths(STARTED, index));
    paths.forEach(joined::add);
    String page = STARTED.matcher(PRELOADED.matcher(index).replaceAll("")).replaceAll("");
    StringBuilder map = new StringBuilder("\"imports\": {\n");
    joined
        .names
        .keySet()
        .forEach(
            path ->
                map.append("\"./").append(path).append("\": \"./").append(PATH).append("\",\n"));
    String mapped = MAP.matcher(page).replaceFirst(Matcher.quoteReplacement(map.toString()));
    String script = "<script type=\"module\" src=\"" + PATH + "\"></script>\n</head>";
    return new Joined(joined.script(), mapped.replace("</head>", script));
  }

  private static List<String> paths(Pattern pattern, String index) {
    return pattern.matcher(index).results().map(found -> found.group(1)).toList();
  }

  /** Adds a module behind those that it needs. */
  private void add(String path) {
    if (names.containsKey(path)) {
      return;
    }
    String content = text.apply(path);
    if (content == null || !open.add(path)) {
      throw new IllegalArgumentException(
          path + (content == null ? " is not there" : " needs itself"));
    }
    IMPORT
        .matcher(content)
        .results()
        .filter(found -> found.group(2).startsWith("."))
        .forEach(found -> add(resolve(path, found.group(2))));
    String name = "m" + names.size();
    names.put(path, name);
    String body = later(path, IMPORT.matcher(content).replaceAll(found -> imported(path, found)));
    String plain = COMMENT.matcher(EXPORT.matcher(body).replaceAll("$2$3")).replaceAll("");
    if (UNUSUAL.matcher(plain).find()) {
      throw new IllegalArgumentException(path + " imports or exports in an unusual way");
    }
    String answered = export(path, EXPORT.matcher(body).results().toList());
    functions.append("const ").append(name).append(" = (() => {\n");
    functions.append(INDENT.matcher(plain).replaceAll(""));
    functions.append("return { ").append(answered).append(" };\n})();\n");
  }

  /** What the module's function answers; all of it is exported by the whole, too. */
  private String export(String path, List<MatchResult> all) {
    List<String> answered = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (MatchResult found : all) {
      boolean isDefault = found.group(1) != null;
      String exporting = isDefault ? "default" : found.group(3);
      String other = exported.put(exporting, path);
      if (other != null) {
        throw new IllegalArgumentException(path + " and " + other + " export " + exporting);
      }
      answered.add(isDefault ? "default: " + found.group(3) : exporting);
      if (isDefault) {
        exports.append("export default ").append(names.get(path)).append(".default;\n");
      } else {
        own.add(exporting);
      }
    }
    if (!own.isEmpty()) {
      exports.append("export const { ").append(String.join(", ", own));
      exports.append(" } = ").append(names.get(path)).append(";\n");
    }
    return String.join(", ", answered);
  }

  /** What stands for an import: the answers of another function, or nothing where all import it. */
  private String imported(String path, MatchResult found) {
    String what = found.group(1);
    if (what == null) {
      return "";
    }
    if (found.group(2).startsWith(".")) {
      String name = names.get(resolve(path, found.group(2)));
      return Matcher.quoteReplacement("const " + what.replace("* as ", "") + " = " + name + ";\n");
    }
    if (!what.startsWith("{")) {
      throw new IllegalArgumentException(path + " imports all of " + found.group(2));
    }
    foreign
        .computeIfAbsent(found.group(2), from -> new TreeSet<>())
        .addAll(List.of(what.replaceAll("[{}\\s]", "").split(",")));
    return "";
  }

  /** What is loaded later is looked for from where all are now. */
  private static String later(String path, String body) {
    String folder = URI.create(PATH).resolve(".").toString();
    return LATER
        .matcher(body)
        .replaceAll(
            found ->
                "import(\"./" + resolve(path, found.group(1)).substring(folder.length()) + "\")");
  }

  private static String resolve(String from, String imported) {
    return URI.create(from).resolve(imported).toString();
  }

  private String script() {
    StringBuilder all = new StringBuilder();
    foreign.forEach(
        (from, taken) ->
            all.append("import { ")
                .append(String.join(", ", taken))
                .append(" } from \"")
                .append(from)
                .append("\";\n"));
    return all.append(functions).append(exports).toString();
  }
}
