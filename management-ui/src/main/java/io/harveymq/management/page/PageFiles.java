package io.harveymq.management.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The files that the page is made of: its own, and those of the WebJars, under {@code
 * webjars/NAME/} without the version. Read when they are first asked for. Owned by one thread.
 */
final class PageFiles {
  private static final String OWN = "/io/harveymq/management/page/";
  private static final String INDEX = "index.html";
  private static final String WEBJARS = "webjars/";
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern INLINE =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  /** Code that users copy, whose lines may look like remarks. */
  private static final String SNIPPETS = "js/snippets";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2",
          "map", "application/json");

  /** The page's styles in one file, which is smaller than two. */
  private static final String STYLES = "css/page-all.css";

  private static final List<String> STYLES_OF = List.of("css/harvey.css", "css/page.css");

  /** A file as it is sent; {@code zipped} is null where that is no gain. */
  record File(byte[] content, byte[] zipped, String type, String tag) {}

  private final Map<String, String> webjarVersions = new HashMap<>();
  private final Map<String, File> files = new HashMap<>();
  private String folder;

  /**
   * A file.
   *
   * @param path relative, such as {@code js/app.js}; empty for the page itself
   * @return null when there is none
   */
  File get(String path) {
    String plain = path.isEmpty() ? INDEX : PageVersion.without(path);
    File known = files.get(plain);
    if (known == null && plain.equals(JoinedModules.PATH)) {
      get(INDEX);
      return files.get(plain);
    }
    if (known == null) {
      known = plain.equals(INDEX) ? index() : read(plain);
      if (known != null) {
        files.put(plain, known);
      }
    }
    return known;
  }

  /** Whether what the path names will never be anything else. */
  boolean isForGood(String path) {
    return folder != null && path.startsWith(folder);
  }

  /** The page itself, whose files are in the folder of their version. */
  private File index() {
    byte[] plain = content(INDEX);
    if (plain == null) {
      return null;
    }
    String index = joined(new String(plain, StandardCharsets.UTF_8));
    folder = PageVersion.of(index, this::text, PageFiles::digest);
    return file(PageVersion.within(folder, index).getBytes(StandardCharsets.UTF_8), INDEX);
  }

  /** The page that loads its first modules as one; as it was, if they can't be joined. */
  private String joined(String index) {
    try {
      JoinedModules.Joined joined = JoinedModules.of(index, this::plainText);
      byte[] script = joined.script().getBytes(StandardCharsets.UTF_8);
      files.put(JoinedModules.PATH, file(script, JoinedModules.PATH));
      return joined.index();
    } catch (IllegalArgumentException unusual) {
      return index;
    }
  }

  private String plainText(String path) {
    byte[] content = content(path);
    return content == null ? null : new String(content, StandardCharsets.UTF_8);
  }

  private String text(String path) {
    File file = get(path);
    return file == null ? null : new String(file.content, StandardCharsets.UTF_8);
  }

  /** The hash of the page's one inline script, for its content security policy. */
  String inlineScriptHash() {
    File index = get("");
    if (index == null) {
      return "";
    }
    Matcher script = INLINE.matcher(new String(index.content, StandardCharsets.UTF_8));
    return script.find()
        ? " 'sha256-" + digest(script.group(1).getBytes(StandardCharsets.UTF_8)) + "'"
        : "";
  }

  private File read(String path) {
    if (!path.equals(STYLES)) {
      byte[] content = content(path);
      return content == null ? null : file(content, path);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String part : STYLES_OF) {
      all.writeBytes(content(part));
    }
    return file(all.toByteArray(), path);
  }

  private static File file(byte[] content, String path) {
    String type = typeOf(path);
    byte[] zipped = type.startsWith("image/png") || type.startsWith("font/") ? null : zip(content);
    return new File(content, zipped, type, "\"" + digest(content).substring(0, 20) + "\"");
  }

  private static String typeOf(String path) {
    return TYPES.get(path.substring(path.lastIndexOf('.') + 1));
  }

  private byte[] content(String path) {
    String type = typeOf(path);
    if (type == null || !isSafe(path)) {
      return null;
    }
    String resource = path.startsWith(WEBJARS) ? webjar(path) : OWN + path;
    if (resource == null) {
      return null;
    }
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      byte[] content = in.readAllBytes();
      return path.startsWith(SNIPPETS) ? content : slim(content, type, resource.startsWith(OWN));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Compressed as well as possible, once and not for each request. */
  private static byte[] zip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new GZIPOutputStream(bytes) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.size() < content.length ? bytes.toByteArray() : null;
  }

  private static byte[] slim(byte[] content, String type, boolean own) {
    boolean script = type.startsWith("text/javascript");
    if (!script && !type.startsWith("text/css")) {
      return content;
    }
    String text = new String(content, StandardCharsets.UTF_8);
    String slim = !own ? Slim.foreign(text) : script ? Slim.script(text) : Slim.style(text);
    return slim.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isSafe(String path) {
    for (String segment : path.split("/", -1)) {
      if (!SAFE.matcher(segment).matches()) {
        return false;
      }
    }
    return true;
  }

  private String webjar(String path) {
    String[] parts = path.split("/", 3);
    if (parts.length < 3) {
      return null;
    }
    String version = webjarVersions.computeIfAbsent(parts[1], PageFiles::versionOf);
    return version == null
        ? null
        : "/META-INF/resources/webjars/" + parts[1] + "/" + version + "/" + parts[2];
  }

  private static String versionOf(String webjar) {
    String properties = "/META-INF/maven/org.webjars.npm/" + webjar + "/pom.properties";
    try (InputStream in = PageFiles.class.getResourceAsStream(properties)) {
      if (in == null) {
        return null;
      }
      Properties found = new Properties();
      found.load(in);
      return found.getProperty("version");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
