using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Doctor;
using Bootstrapper.Http;
using Bootstrapper.Images;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;
using Bootstrapper.Inventory;
using Bootstrapper.Matchbox;
using Bootstrapper.Pki;
using Bootstrapper.Registry;
using Bootstrapper.Rendering;
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
        var result = await app.Services.GetRequiredService<Activation>().ActivateAsync(first, cancellation);
        return result.Problems.Count == 0 ? app : throw new DescriptionException(result.Problems);
    }

    private static WebApplication Wire(DaemonOptions options, Snapshot first)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSerilog(options.Log);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        AddParts(builder.Services, options, first);
        if (options.Children)
        {
            AddChildren(builder.Services, options, first.Cluster);
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, first.Cluster));
        var app = builder.Build();
        MapEndpoints(app, options.Bsroot);
        app.Lifetime.ApplicationStarted.Register(() => LogServing(app.Logger, first.Cluster.Nodes.Count, string.Join(" ", app.Urls)));
        return app;
    }

    private static void AddParts(IServiceCollection services, DaemonOptions options, Snapshot first)
    {
        services.AddSingleton(options.Bsroot);
        services.AddSingleton(options.Time);
        services.AddSingleton(Authorities.Open(options.Bsroot, options.Time));
        services.AddSingleton(StoredSecrets.Open(options.Bsroot));
        services.AddSingleton<FrontLeaf>();
        services.AddSingleton<NodeLeaves>();
        services.AddSingleton<NodeCredentials>();
        services.AddSingleton<NodeSecretsIssuer>();
        services.AddSingleton(new CurrentSnapshot(first));
        services.AddSingleton(new InventoryFiles(options.Bsroot.Inventory));
        services.AddSingleton<BootFiles>();
        services.AddSingleton<NodeInventory>();
        services.AddSingleton(new LeaseFile(options.Bsroot.DnsmasqLeases, options.Time));
        services.AddSingleton(new NeighbourTable());
        services.AddSingleton<MachineAddresses>();
        services.AddSingleton<CurrentMatchbox>();
        services.AddHostedService<MatchboxWatch>();
        services.AddSingleton<ConfigSigner>();
        services.AddSingleton<NodeSelection>();
        services.AddSingleton<SecretsGuard>();
        services.AddSingleton<NodeRequests>();
        AddReleases(services, options);
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<CsrEndpoints>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<PreloadStatus>();
        services.AddSingleton(provider => new Activation(
            options.Bsroot,
            provider.GetRequiredService<CurrentSnapshot>(),
            provider.GetRequiredService<FrontLeaf>(),
            snapshot => provider.GetRequiredService<NodeInventory>().WriteBootFiles(snapshot.Cluster.Nodes)));
    }

    private static void AddReleases(IServiceCollection services, DaemonOptions options)
    {
        services.AddSingleton<ReleaseStates>();
        services.AddSingleton<ReleaseOverview>();
        services.AddSingleton(new ReleaseFetcher(options.Bsroot, Downloader.Create(options.Time)));
        services.AddHostedService(provider => new ReleaseUpdater(
            options.Bsroot,
            provider.GetRequiredService<ReleaseFetcher>(),
            provider.GetRequiredService<CurrentSnapshot>(),
            provider.GetRequiredService<ReleaseStates>(),
            channel => provider.GetRequiredService<NodeInventory>().IsInstalling(provider.GetRequiredService<CurrentSnapshot>().Value.Cluster.Nodes.Where(node => node.Channel == channel)),
            options.Time,
            provider.GetRequiredService<ILogger<ReleaseUpdater>>()));
    }

    private static void AddChildren(IServiceCollection services, DaemonOptions options, ClusterDescription cluster)
    {
        var registry = RegistryService.Spec(options.Bsroot, Answers(cluster, cluster.Ports.Registry));
        var dnsmasq = DnsmasqService.Spec(options.Bsroot, Answers(cluster, DnsPort));
        services.AddSingleton<ChildLauncher>();
        services.AddSingleton(provider => ServiceGroup.Of(
            [registry, dnsmasq],
            provider.GetRequiredService<ChildLauncher>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            options.Time,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ServiceGroup>());
        services.AddHostedService<Reconciler>();
        services.AddHostedService<CheckUp>();
        services.AddSingleton(new RegistryClient(new IPEndPoint(cluster.Bootstrapper, cluster.Ports.Registry), options.Bsroot.CaCertificate));
        services.AddSingleton<RegistryTurn>();
        services.AddHostedService<Preloader>();
        services.AddSingleton<RegistryMode>();
        services.AddHostedService(provider => new GarbageCollection(
            options.Bsroot,
            provider.GetRequiredService<RegistryMode>().SetReadOnlyAsync,
            provider.GetRequiredService<RegistryTurn>(),
            options.Time,
            provider.GetRequiredService<ILogger<GarbageCollection>>()));
        services.AddHostedService(provider => new FrontLeafRenewal(
            provider.GetRequiredService<Authorities>(),
            provider.GetRequiredService<FrontLeaf>(),
            () => provider.GetRequiredService<CurrentSnapshot>().Value.Cluster,
            () => provider.GetRequiredService<ServiceGroup>().Apply([Activation.FrontCertificatePath]),
            options.Time,
            provider.GetRequiredService<ILogger<FrontLeafRenewal>>()));
    }

    private static Func<CancellationToken, Task<bool>> Answers(ClusterDescription cluster, int port) =>
        cancellation => TcpProbe.AnswersAsync(new IPEndPoint(cluster.Bootstrapper, port), cancellation);

    private static void MapEndpoints(WebApplication app, Bsroot bsroot)
    {
        app.UseMiddleware<RequestLog>();
        app.UseFiles(bsroot);
        app.UseRouting();
        app.MapBoot();
        app.MapInstall();
        app.MapCloudConfig();
        app.MapIgnition();
        app.MapGeneric();
        app.MapMetadata();
        app.MapPixiecore();
        app.MapMayu();
        app.MapCertificates();
        app.MapCsr();
        app.MapReports();
        app.MapHealth();
        app.MapUnknownPaths();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {Nodes} nodes on {Addresses}")]
    private static partial void LogServing(Microsoft.Extensions.Logging.ILogger logger, int nodes, string addresses);
}

/// <summary>What <c>serve</c> was told on its command line.</summary>
internal sealed record DaemonOptions(Bsroot Bsroot, Serilog.ILogger Log)
{
    /// <summary>Whether dnsmasq and the registry are run; tests of HTTP alone need neither.</summary>
    public bool Children { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
