package io.harveymq.server;

import io.harveymq.server.config.UsageException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A directory of certificates for development, which Java's own keytool makes: it is where Java is,
 * so nothing that makes certificates has to be part of a broker. One thread.
 */
final class TlsDevelopment {
  /** What Java's tools use; it guards nothing, the modes of the files do. */
  static final String STORE_PASSWORD = "changeit";

  private static final String CA = "ca";
  private static final String SERVER = "server";
  private static final String CLIENT = "client";

  /** Apple's longest for a server. */
  private static final String DAYS = "825";

  private static final String HOST = "[A-Za-z0-9*]([A-Za-z0-9._*-]{0,251}[A-Za-z0-9])?";
  private static final String ADDRESS =
      "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";
  private static final int RANDOM_BYTES = 16;

  private final Path directory;
  private final Set<String> hosts = new LinkedHashSet<>();
  private final String user;

  /**
   * @param more names and addresses of the server besides those of this machine
   * @param user who the client's certificate is for
   * @throws UsageException for what is no name or address
   */
  TlsDevelopment(Path directory, List<String> more, String user) throws UsageException {
    this.directory = directory;
    this.user = user;
    hosts.addAll(List.of("localhost", "127.0.0.1", "::1"));
    for (String host : more) {
      if (!host.matches(HOST) && !host.matches(ADDRESS)) {
        throw new UsageException("--host must be a name or an address, got '" + host + "'");
      }
      hosts.add(host);
    }
    if (!user.matches("[A-Za-z0-9._@ -]{1,64}")) {
      throw new UsageException("--user must be a name of letters and digits, got '" + user + "'");
    }
    String own = ownName();
    if (own != null && own.matches(HOST)) {
      hosts.add(own);
    }
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return null;
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  /**
   * Makes all files.
   *
   * @param force whether files that are there are replaced
   * @throws IOException when there are some, or they can't be made; the message says why
   */
  void make(boolean force) throws IOException {
    Files.createDirectories(directory);
    Map<String, byte[]> files = new LinkedHashMap<>();
    Path work = Files.createTempDirectory(directory, ".new", modes("rwx------"));
    try {
      KeyStore made = generated(work.resolve("all.p12"));
      files.put("ca_certificate.pem", pem("CERTIFICATE", made.getCertificate(CA)));
      for (String name : List.of(SERVER, CLIENT)) {
        files.put(name + "_certificate.pem", pem("CERTIFICATE", made.getCertificate(name)));
        files.put(name + "_key.pem", pem("PRIVATE KEY", made.getKey(name, workPassword)));
      }
      files.put("client.p12", store(made, work.resolve("client.p12"), true));
      files.put("truststore.p12", store(made, work.resolve("truststore.p12"), false));
    } catch (GeneralSecurityException impossible) {
      throw new IOException("the certificates can't be made: " + impossible, impossible);
    } finally {
      delete(work);
    }
    files.put("rabbitmq.conf", configuration().getBytes(StandardCharsets.UTF_8));
    write(files, force);
  }

  private void write(Map<String, byte[]> files, boolean force) throws IOException {
    for (String name : files.keySet()) {
      if (!force && Files.exists(file(name))) {
        throw new IOException(
            file(name) + " is there already; --force replaces it, --dir names another directory");
      }
    }
    for (Map.Entry<String, byte[]> entry : files.entrySet()) {
      boolean secret = entry.getKey().endsWith("_key.pem") || entry.getKey().equals("client.p12");
      Path draft = file(entry.getKey() + ".tmp");
      Files.deleteIfExists(draft);
      try {
        Files.createFile(draft, modes(secret ? "rw-------" : "rw-r--r--"));
      } catch (FileAlreadyExistsException raced) {
        throw new IOException(draft + " is in the way", raced);
      }
      Files.write(draft, entry.getValue());
      Files.move(draft, file(entry.getKey()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private FileAttribute<?>[] modes(String modes) {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(modes))
        }
        : new FileAttribute<?>[0];
  }

  private static void delete(Path work) throws IOException {
    try (var files = Files.list(work)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(work);
  }

  // ---- keytool

  private KeyStore generated(Path file) throws IOException, GeneralSecurityException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    String name = "CN=Harvey development CA " + LocalDate.now() + " " + secret.substring(0, 4);
    generate(file, secret, CA, name, "bc:c=ca:true,pathlen:0", "ku:c=keyCertSign,cRLSign");
    List<String> names = new ArrayList<>();
    hosts.forEach(host -> names.add((host.matches(ADDRESS) ? "ip:" : "dns:") + host));
    String alternatives = "san=" + String.join(",", names);
    generate(file, secret, SERVER, "CN=localhost", alternatives, "eku=serverAuth");
    generate(file, secret, CLIENT, "CN=" + user, "eku=clientAuth");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, secret.toCharArray());
    }
    workPassword = secret.toCharArray();
    return store;
  }

  /** Of the store that keytool made; it is gone when the files are there. */
  private char[] workPassword;

  private static void generate(
      Path store, String secret, String alias, String name, String... extensions)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-sigalg", "SHA256withECDSA", "-validity", DAYS));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass:env", "HARVEY_STORE_PASSWORD"));
    if (!alias.equals(CA)) {
      command.addAll(List.of("-signer", CA, "-ext", "ku:c=digitalSignature"));
    }
    for (String extension : extensions) {
      command.addAll(List.of("-ext", extension));
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HARVEY_STORE_PASSWORD", secret);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("Java's keytool failed: " + said.strip());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  // ---- files

  private static byte[] pem(String label, Certificate certificate) throws GeneralSecurityException {
    return pem(label, certificate.getEncoded());
  }

  private static byte[] pem(String label, Key key) {
    return pem(label, key.getEncoded());
  }

  private static byte[] pem(String label, byte[] content) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(label, lines.encodeToString(content), label);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The client with its key, or what trusts the CA. */
  private byte[] store(KeyStore made, Path file, boolean client)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    char[] password = STORE_PASSWORD.toCharArray();
    store.load(null, password);
    if (client) {
      Certificate[] chain = made.getCertificateChain(CLIENT);
      store.setKeyEntry(CLIENT, made.getKey(CLIENT, workPassword), password, chain);
    } else {
      store.setCertificateEntry(CA, made.getCertificate(CA));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    return Files.readAllBytes(file);
  }

  private String configuration() {
    return """
        # Made by 'harvey tls dev'. Clients may have certificates; without one they need a password.
        listeners.tcp.default = 5672
        listeners.ssl.default = 5671
        ssl_options.cacertfile = %1$s/ca_certificate.pem
        ssl_options.certfile = %1$s/server_certificate.pem
        ssl_options.keyfile = %1$s/server_key.pem
        ssl_options.verify = verify_peer
        ssl_options.fail_if_no_peer_cert = false
        ssl_cert_login_from = common_name
        management.tcp.port = 15672
        management.ssl.port = 15671
        management.ssl.certfile = %1$s/server_certificate.pem
        management.ssl.keyfile = %1$s/server_key.pem
        """
        .formatted(directory);
  }

  /** How the files are used. */
  String instructions() {
    return """
        Made in %1$s, valid for %2$s days, for %3$s:
          ca_certificate.pem      what clients trust; truststore.p12 is the same for Java
          server_certificate.pem  and server_key.pem: the broker's
          client_certificate.pem  and client_key.pem: a client's, CN=%4$s; client.p12 is both
          rabbitmq.conf           what follows, for the broker (passwords of the .p12: %5$s)

        Start:   harvey --config %1$s/rabbitmq.conf
        or:      harvey --amqps-port 5671 --https-port 15671 --tls-ca %1$s/ca_certificate.pem \\
                   --tls-cert %1$s/server_certificate.pem --tls-key %1$s/server_key.pem

        pika:    ssl.create_default_context(cafile="%1$s/ca_certificate.pem") as context, then
                 ConnectionParameters("localhost", 5671, ssl_options=SSLOptions(context, "localhost"))
        Node:    amqp.connect("amqps://localhost", {ca: [fs.readFileSync("%1$s/ca_certificate.pem")]})
        Go:      amqp.DialTLS("amqps://guest:guest@localhost/", &tls.Config{RootCAs: pool}), and in the
                 pool ca_certificate.pem by pool.AppendCertsFromPEM
        Java:    -Djavax.net.ssl.trustStore=%1$s/truststore.p12 -Djavax.net.ssl.trustStorePassword=%5$s
                 factory.useSslProtocol(SSLContext.getDefault()); factory.enableHostnameVerification();
        Spring:  spring.rabbitmq.port=5671
                 spring.rabbitmq.ssl.enabled=true
                 spring.rabbitmq.ssl.trust-store=file:%1$s/truststore.p12
                 spring.rabbitmq.ssl.trust-store-type=PKCS12
                 spring.rabbitmq.ssl.trust-store-password=%5$s
        Browser: https://localhost:15671 after ca_certificate.pem was imported as a CA; or
                 curl --cacert %1$s/ca_certificate.pem -u guest:guest https://localhost:15671/api/overview
        The client's certificate, and all of this in whole programs: docs/tls.md
        """
        .formatted(directory, DAYS, String.join(", ", hosts), user, STORE_PASSWORD);
  }
}
