package io.harveymq.broker.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS as a server offers it: what was read from its files, and read again when they change. New
 * connections get the new certificates; a file that can't be used leaves what there was. Has a
 * thread that looks at the files and, while clients connect, one or two that calculate for them.
 * Any thread.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /** How often the files are looked at. What changed is read when it stays for one more look. */
  private static final long LOOK_MILLIS = 1_000;

  private static final Duration SOON = Duration.ofDays(30);
  private static final int MOST_THREADS = 2;
  private static final long IDLE_SECONDS = 10;
  private static final String CACERTFILE = "cacertfile";

  private final TlsOptions options;
  private final List<String> ciphers;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService watcher;
  private final ThreadPoolExecutor tasks;
  private volatile Loaded loaded;
  private String changing;
  private String refused;

  /** What the files hold. */
  private record Loaded(
      SSLContext context,
      ServerIdentity identity,
      List<X509Certificate> authorities,
      KeyManagerFactory keys,
      ClientTrust trust,
      String stamp) {}

  private ServerTls(TlsOptions options, Loaded first, List<String> ciphers) {
    this.options = options;
    this.loaded = first;
    this.ciphers = ciphers;
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    tasks =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons("harvey-tls"));
    tasks.allowCoreThreadTimeOut(true);
    watcher = new ScheduledThreadPoolExecutor(1, daemons("harvey-tls-files"));
    watcher.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Reads the files and begins to watch them.
   *
   * @throws TlsException when TLS can't be offered so; the message says why and what to do
   */
  public static ServerTls open(TlsOptions options) throws TlsException {
    Loaded first = load(options);
    warnOf(options, first);
    SSLParameters supported = first.context.getSupportedSSLParameters();
    List<String> ciphers =
        options.ciphers().isEmpty()
            ? defaults(first.context.getDefaultSSLParameters())
            : CipherSuites.of(options, supported);
    return new ServerTls(options, first, ciphers);
  }

  /** Java's own choice, without what a key that is stolen later would open (no forward secrecy). */
  private static List<String> defaults(SSLParameters java) {
    return Arrays.stream(java.getCipherSuites())
        .filter(name -> !name.startsWith("TLS_RSA_") && !name.startsWith("TLS_ECDH_"))
        .toList();
  }

  private static Loaded load(TlsOptions options) throws TlsException {
    String stamp = stamp(options);
    List<X509Certificate> authorities =
        options.caFile() == null
            ? List.of()
            : PemFile.read(CACERTFILE, options.caFile()).certificates();
    if (authorities.isEmpty() && options.clients() != ClientCertificates.NONE) {
      throw new TlsException(
          CACERTFILE,
          "certificates of clients can't be checked without one; name a file with the"
              + " certificates of their CAs, or set verify to verify_none");
    }
    ServerIdentity identity = ServerIdentity.read(options, authorities);
    KeyManagerFactory keys = identity.keyManagers();
    ClientTrust trust = new ClientTrust(authorities, options.depth());
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {trust}, null);
      return new Loaded(context, identity, authorities, keys, trust, stamp);
    } catch (GeneralSecurityException broken) {
      throw new TlsException("certfile", "can't be used: " + broken.getMessage(), broken);
    }
  }

  private static void warnOf(TlsOptions options, Loaded loaded) {
    Instant now = Instant.now();
    Instant end = loaded.identity.chain().get(0).getNotAfter().toInstant();
    if (end.isBefore(now.plus(SOON))) {
      LOG.warn("the certificate in {} expires on {}; renew it", options.certFile(), end);
    }
    for (X509Certificate authority : loaded.authorities) {
      if (authority.getNotAfter().toInstant().isBefore(now)) {
        LOG.warn(
            "the CA's certificate {} in {} expired on {}; nothing that it issued is accepted",
            DistinguishedName.of(authority.getSubjectX500Principal()),
            options.caFile(),
            authority.getNotAfter().toInstant());
      }
    }
  }

  // ---- changes of the files

  private static String stamp(TlsOptions options) {
    StringJoiner stamps = new StringJoiner(" ");
    for (Path path : Arrays.asList(options.certFile(), options.keyFile(), options.caFile())) {
      stamps.add(path == null ? "-" : stamp(path));
    }
    return stamps.toString();
  }

  private static String stamp(Path path) {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      return file.lastModifiedTime().toMillis() + "/" + file.size() + "/" + file.fileKey();
    } catch (NoSuchFileException missing) {
      return "missing";
    } catch (IOException unreadable) {
      return "unreadable";
    }
  }

  private void look() {
    try {
      String now = stamp(options);
      if (now.equals(loaded.stamp)) {
        changing = null;
        refused = null;
      } else if (!now.equals(changing)) {
        changing = now;
      } else if (!now.equals(refused)) {
        reload(now);
      }
    } catch (RuntimeException unexpected) {
      LOG.error("the TLS files can't be looked at", unexpected);
    }
  }

  private void reload(String stamp) {
    try {
      Loaded fresh = load(options);
      loaded = fresh;
      refused = null;
      LOG.info(
          "TLS files were read again: {} is valid until {}",
          fresh.identity,
          fresh.identity.chain().get(0).getNotAfter().toInstant());
      warnOf(options, fresh);
      listeners.forEach(Runnable::run);
    } catch (TlsException broken) {
      refused = stamp;
      LOG.error(
          "TLS files changed and can't be used, so what was read before goes on: {}",
          broken.getMessage());
    }
  }

  /** Sets something that is done, on the thread that looks at files, after they were read again. */
  public void whenReloaded(Runnable action) {
    listeners.add(action);
  }

  // ---- what there is now

  /** Files and rules. */
  public TlsOptions options() {
    return options;
  }

  /** For one more connection. */
  public SSLEngine newEngine() {
    SSLEngine engine = loaded.context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols().toArray(String[]::new));
    parameters.setCipherSuites(ciphers.toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(options.serverPrefers());
    switch (options.clients()) {
      case REQUIRED -> parameters.setNeedClientAuth(true);
      case OPTIONAL -> parameters.setWantClientAuth(true);
      default -> parameters.setNeedClientAuth(false);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Java's names of the versions. */
  public List<String> protocols() {
    return options.versions().stream().map(TlsVersion::javaName).toList();
  }

  /** Java's names of the cipher suites, best first. */
  public List<String> ciphers() {
    return ciphers;
  }

  /** The server's key, for servers that make their engines themselves. */
  public KeyManagerFactory keyManagers() {
    return loaded.keys;
  }

  /** What checks clients' certificates, for servers that make their engines themselves. */
  public X509TrustManager trustManager() {
    return loaded.trust;
  }

  /** The server's certificate, and those between it and its CA. */
  public List<X509Certificate> certificates() {
    return loaded.identity.chain();
  }

  /** Certificates of CAs; none without such a file. */
  public List<X509Certificate> authorities() {
    return loaded.authorities;
  }

  /** What handshakes are calculated on, because they take longer than an event loop may. */
  public Executor tasks() {
    return tasks;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    for (ExecutorService threads : List.of(watcher, tasks)) {
      threads.shutdownNow();
    }
  }
}
