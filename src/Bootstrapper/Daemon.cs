using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Doctor;
using Bootstrapper.FanOut;
using Bootstrapper.Host;
using Bootstrapper.Http;
using Bootstrapper.Http.Metrics;
using Bootstrapper.Images;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Matchbox;
using Bootstrapper.Pki;
using Bootstrapper.Power;
using Bootstrapper.Registry;
using Bootstrapper.Signing;
using Bootstrapper.Supervision;
using Serilog;

namespace Bootstrapper;

/// <summary>Puts the parts together. The only place that knows them all.</summary>
internal static partial class Daemon
{
    private const int DnsPort = 53;

    /// <summary>Puts the first snapshot into force and makes the web server ready to start; the children start with it.</summary>
    /// <exception cref="PkiException">The root in the data root cannot be used.</exception>
    /// <exception cref="DescriptionException">dnsmasq refuses what the description renders to.</exception>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public static async Task<WebApplication> BuildAsync(DaemonOptions options, Snapshot first, CancellationToken cancellation)
    {
        var app = Wire(options, first);
        BootLoaders.Install(options.Bsroot);
        DaemonAddress.Of(first.Cluster).Write(options.Bsroot);
        var result = await app.Services.GetRequiredService<Activation>().ActivateAsync(first, cancellation);
        return result.Problems.Count == 0 ? app : throw new DescriptionException(result.Problems);
    }

    private static WebApplication Wire(DaemonOptions options, Snapshot first)
    {
        var builder = CreateBuilder();
        builder.Services.AddSerilog(options.Log);
        builder.Configuration.AddInMemoryCollection(options.Otel.Values);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        AddParts(builder.Services, options, first);
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, first.Cluster));
        var app = builder.Build();
        app.UsePipeline(options.Bsroot);
        app.Services.ObserveParts();
        app.TellServiceManager();
        app.Lifetime.ApplicationStarted.Register(() =>
            LogServing(
                app.Logger,
                first.Cluster.Nodes.Count,
                string.Join(" ", app.Urls.Where(url => new Uri(url).Port != first.Cluster.Ports.Registry))));
        return app;
    }

    /// <summary>
    /// Folder by folder; each <c>Add…</c> is in its folder. What has work in the background starts in this order and stops in the
    /// reverse: what is seen of machines is written down to the end.
    /// </summary>
    private static void AddParts(IServiceCollection services, DaemonOptions options, Snapshot first)
    {
        var (bsroot, time) = (options.Bsroot, options.Time);
        services.AddSingleton(bsroot);
        services.AddHost(time, options.Reread);
        services.AddPki(bsroot, time);
        services.AddInForce(first);
        services.AddInventory(bsroot, time, hear: parts => parts.GetRequiredService<ProgramMeter>().Note);
        services.AddMatchbox();
        services.AddSingleton<ConfigSigner>();
        services.AddImages(bsroot, time, (parts, nodes) => parts.GetRequiredService<NodeInventory>().IsInstalling(nodes));
        services.AddPower();
        services.AddFanOut();
        services.AddBoot(bsroot);
        services.AddRegistryAccess(bsroot, time); // asked for also where no registry runs
        services.AddHttp(bsroot, time, options.Otel);
        services.AddWatchdog(new IPEndPoint(IPAddress.Loopback, first.Cluster.Ports.Http));
        if (options.Children)
        {
            services.AddDhcp(bsroot, time);
            services.AddSingleton(_ => new RegistryProbe(first.Cluster.RegistryAddress));
            services.AddSupervision(time, parts => Children(parts, bsroot, first.Cluster));
            services.AddHostedService<CheckUp>();
            services.AddHostedService<TimeServerWatch>();
            services.AddRegistry(bsroot, first.Cluster, parts => parts.GetRequiredService<RegistryMode>().SetReadOnlyAsync);
        }
    }

    private static IEnumerable<ServiceSpec> Children(IServiceProvider parts, Bsroot bsroot, ClusterDescription cluster) =>
    [
        RegistryService.Spec(
            bsroot,
            cluster.Ports.Registry,
            parts.GetRequiredService<RegistryProbe>().AnswersAsync,
            prepare: new TornFiles(bsroot.RegistryStorage, parts.GetRequiredService<ILogger<TornFiles>>()).Remove) with
        {
            Watch = Interruption(parts),
        },
        DnsmasqService.Spec(bsroot, token => DnsmasqProbe.AnswersAsync(new IPEndPoint(cluster.Bootstrapper, DnsPort), token)) with
        {
            Hear = parts.GetRequiredService<DnsmasqListener>().Hear,
            Watch = Interruption(parts),
        },
    ];

    private static Action<ServiceStatus> Interruption(IServiceProvider parts) => status =>
    {
        if (status.IsInterrupted)
        {
            parts.GetRequiredService<Interruptions>().Note(status.Sentence);
        }
    };

    /// <summary>
    /// Nothing comes from outside: no <c>appsettings.json</c>, no <c>ASPNETCORE_…</c>, no <c>Kestrel__…</c>, from wherever the
    /// program is started. The other builders read them, may open a listener for them, and watch the working directory with all
    /// below it.
    /// </summary>
    private static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        return builder;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {Nodes} nodes on {Addresses}")]
    private static partial void LogServing(Microsoft.Extensions.Logging.ILogger logger, int nodes, string addresses);
}

/// <summary>What <c>serve</c> was told on its command line.</summary>
internal sealed record DaemonOptions(Bsroot Bsroot, Serilog.ILogger Log)
{
    /// <summary>Whether dnsmasq, the registry and our own DHCP server are run; tests of HTTP alone need none of them.</summary>
    public bool Children { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public OtelVariables Otel { get; init; } = OtelVariables.None;

    /// <summary>Asked by SIGHUP.</summary>
    public RereadRequest Reread { get; } = new();
}
