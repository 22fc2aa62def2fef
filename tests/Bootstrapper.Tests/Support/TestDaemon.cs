using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Metrics;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Bootstrapper.Tests.Support;

/// <summary>The program as operators run it, but for its children: Kestrel, routing and files are the real ones.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    /// <summary>An RSA key takes a while to make; one serves all.</summary>
    private static readonly Lazy<string> ServiceAccountKey = new(() => RSA.Create(2048).ExportPkcs8PrivateKeyPem());

    private readonly TemporaryDirectory _directory;
    private readonly DaemonOptions _options;
    private readonly ClusterDescription _cluster;
    private WebApplication _app = null!;

    private TestDaemon(TemporaryDirectory directory, DaemonOptions options, ClusterDescription cluster, LogMemory log) =>
        (_directory, _options, _cluster, Log) = (directory, options, cluster, log);

    public int Port => _cluster.Ports.Http;

    public int HttpsPort => _cluster.Ports.Https;

    public LogMemory Log { get; }

    public Authorities Authorities => _app.Services.GetRequiredService<Authorities>();

    public CurrentSnapshot Current => _app.Services.GetRequiredService<CurrentSnapshot>();

    public FrontLeaf FrontLeaf => _app.Services.GetRequiredService<FrontLeaf>();

    /// <summary>What it answers by itself; files are answered beside these.</summary>
    public IReadOnlyList<ServedRoute> Routes =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(ServedRoute.Of)];

    public Bsroot Bsroot => new(_directory.Path);

    /// <param name="prepare">Fills the data root before the start.</param>
    /// <param name="time">A clock that the test moves; the wall's by default.</param>
    /// <param name="otel">The environment's; none by default.</param>
    public static async Task<TestDaemon> StartAsync(
        ClusterDescription cluster, Action<Bsroot>? prepare = null, TimeProvider? time = null, OtelVariables? otel = null)
    {
        var directory = new TemporaryDirectory();
        var bsroot = new Bsroot(directory.Path);
        Bootstrapper.Bsroot.Write(bsroot.ServiceAccountKey, ServiceAccountKey.Value, Bootstrapper.Bsroot.SecretFile);
        prepare?.Invoke(bsroot);
        var ports = new Ports(FreePort.Next(), FreePort.Next(), FreePort.Next());
        var log = new LogMemory();
        var options = new DaemonOptions(bsroot, new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(log).CreateLogger())
        {
            Children = false,
            Time = time ?? TimeProvider.System,
            Otel = otel ?? OtelVariables.None,
        };
        var daemon = new TestDaemon(directory, options, cluster with { Ports = ports }, log);
        await daemon.StartAsync();
        return daemon;
    }

    /// <summary>On the same data root and the same ports.</summary>
    public async Task StartAsync()
    {
        var snapshot = new Snapshot(_cluster, Bsroot, TemplateSet.Of(TemplateFiles.In(Bsroot, _cluster)));
        Assert.Empty(snapshot.Check());
        _app = await Daemon.BuildAsync(_options, snapshot, TestContext.Current.CancellationToken);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopAsync()
    {
        await _app.StopAsync(); // what it still writes in the background is done then
        await _app.DisposeAsync();
    }

    /// <summary>One of the parts that it is put together from.</summary>
    public T Part<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A client that speaks from an address of its own, as a machine on the network would.</summary>
    public HttpClient From(string address) => new(Binding(address)) { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };

    /// <summary>Likewise over TLS, with a certificate where it has one.</summary>
    public HttpClient OverTlsFrom(string address, X509Certificate2? certificate = null)
    {
        var handler = Binding(address);
        handler.SslOptions = Tls(certificate);
        return new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{HttpsPort}") };
    }

    private static SocketsHttpHandler Binding(string address) => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>An operator's client, which trusts this cluster's root and no other.</summary>
    public HttpClient OverTls(X509Certificate2? certificate = null) =>
        new(new SocketsHttpHandler { SslOptions = Tls(certificate), UseCookies = false })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{HttpsPort}"),
        };

    public SslClientAuthenticationOptions Tls(X509Certificate2? certificate = null) => new()
    {
        TargetHost = "127.0.0.1",
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Bsroot.CaCertificate) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
        ClientCertificates = certificate is null ? [] : [certificate],
    };

    /// <summary>A client of the operator who may do everything.</summary>
    public async Task<HttpClient> OperatorAsync()
    {
        var client = OverTls();
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer", (await File.ReadAllTextAsync(Bsroot.AdminToken, TestContext.Current.CancellationToken)).Trim());
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }
}

/// <summary>Keeps what was logged, as an operator would read it.</summary>
internal sealed class LogMemory : ILogEventSink
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lines)
        {
            _lines.Add($"{logEvent.Level}: {logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture)} "
                + $"{logEvent.Exception?.Message}");
        }
    }
}
