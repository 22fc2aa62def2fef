using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Doctor;
using Bootstrapper.Host;
using Bootstrapper.Http;
using Bootstrapper.Http.Ancestors;
using Bootstrapper.Http.Machines;
using Bootstrapper.Http.Metrics;
using Bootstrapper.Http.Operators;
using Bootstrapper.Images;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Matchbox;
using Bootstrapper.Pki;
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
        if (options.Children)
        {
            AddChildren(builder.Services, options, first.Cluster);
        }

        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, first.Cluster));
        var app = builder.Build();
        MapEndpoints(app, options.Bsroot);
        Measure(app.Services, options);
        app.Lifetime.ApplicationStarted.Register(() =>
            LogServing(app.Logger, first.Cluster.Nodes.Count, string.Join(" ", app.Urls)));
        return app;
    }

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

    /// <summary>From here on, whoever asks at <c>/metrics</c> is told.</summary>
    private static void Measure(IServiceProvider parts, DaemonOptions options)
    {
        var meter = parts.GetRequiredService<ProgramMeter>();
        meter.ObserveNodes(parts.GetRequiredService<NodeInventory>());
        meter.ObserveCertificates(parts.GetRequiredService<Authorities>(), parts.GetRequiredService<FrontLeaf>());
        meter.ObserveReleases(options.Bsroot, parts.GetRequiredService<CurrentSnapshot>(), options.Time);
        meter.ObserveDisk(options.Bsroot);
        if (parts.GetService<ServiceGroup>() is { } services)
        {
            meter.ObserveServices(services);
        }
    }

    private static void AddParts(IServiceCollection services, DaemonOptions options, Snapshot first)
    {
        services.AddSingleton(options.Bsroot);
        services.AddSingleton(options.Time);
        services.AddSingleton(options.Reread);
        services.AddSingleton<BackgroundHealth>();
        services.AddSingleton(Authorities.Open(options.Bsroot, options.Time));
        services.AddSingleton(ControlPlaneSecrets.Open(options.Bsroot));
        services.AddSingleton<FrontLeaf>();
        services.AddSingleton<NodeLeaves>();
        services.AddSingleton<NodeCredentials>();
        services.AddSingleton<NodeSecretsIssuer>();
        services.AddSingleton(new CurrentSnapshot(first));
        services.AddSingleton(new InventoryFiles(options.Bsroot.Inventory));
        services.AddSingleton<BootAttempts>();
        services.AddSingleton<BootFiles>();
        services.AddSingleton<Action<Node?, NodeRecord>>(provider => provider.GetRequiredService<BootFiles>().Write);
        services.AddSingleton<BootFilesOfAll>();
        services.AddSingleton<MachineReports>();
        services.AddSingleton<AuditTrail>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditTrail>());
        var timelines = new TimelineFiles(options.Bsroot.Timeline);
        services.AddSingleton(timelines);
        services.AddSingleton(provider => new Timeline(timelines.Ends(Timeline.MostPerNode), options.Time)
        {
            Hear = provider.GetRequiredService<ProgramMeter>().Note,
        });
        services.AddHostedService<TimelineWriter>();
        services.AddSingleton<Identities>();
        services.AddSingleton<NodeInventory>();
        services.AddSingleton<Interruptions>();
        services.AddHostedService<NodeTimeouts>();
        services.AddSingleton(new LeaseFile(options.Bsroot.DnsmasqLeases, options.Time));
        services.AddSingleton(new NeighbourTable());
        services.AddSingleton<MachineAddresses>();
        services.AddSingleton<BootWatch>();
        services.AddSingleton<SightingRecord>();
        services.AddSingleton<DnsmasqListener>();
        services.AddSingleton<CurrentMatchbox>();
        services.AddHostedService<MatchboxWatch>();
        services.AddSingleton<ConfigSigner>();
        services.AddSingleton<NodeSelection>();
        services.AddSingleton<SecretsGuard>();
        services.AddSingleton<NodeRequests>();
        services.AddSingleton<MachineFit>();
        services.AddSingleton<BootOrders>();
        services.AddSingleton<BootRequests>();
        services.AddSingleton<LoaderRequests>();
        AddReleases(services, options);
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<CsrEndpoints>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<PreloadStatus>();
        services.AddTelemetry(options.Otel);
        AddOperators(services, options);
        services.AddSingleton(provider => new Activation(
            options.Bsroot,
            provider.GetRequiredService<CurrentSnapshot>(),
            provider.GetRequiredService<Authorities>(),
            provider.GetRequiredService<FrontLeaf>(),
            provider.GetRequiredService<BootFilesOfAll>().Write,
            provider.GetRequiredService<BootFilesOfAll>().RemoveOthers,
            provider.GetRequiredService<ILogger<Activation>>()));
    }

    private static void AddOperators(IServiceCollection services, DaemonOptions options)
    {
        var tokens = new OperatorTokens(options.Bsroot, options.Time);
        tokens.Ensure();
        services.AddSingleton(tokens);
        services.AddSingleton<NodeCatalog>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton<Discovery>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<AuditHistory>();
        services.AddSingleton(new EtcdRegistry(options.Bsroot.EtcdDiscovery));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => InventoryFiles.Configure(json.SerializerOptions));
        services.AddApiDescription();
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
            channel => provider.GetRequiredService<NodeInventory>().IsInstalling(
                provider.GetRequiredService<CurrentSnapshot>().Value.Cluster.Nodes.Where(node => node.Channel == channel)),
            provider.GetRequiredService<BackgroundHealth>(),
            options.Time,
            provider.GetRequiredService<ILogger<ReleaseUpdater>>()));
    }

    private static void AddChildren(IServiceCollection services, DaemonOptions options, ClusterDescription cluster)
    {
        var registry = RegistryService.Spec(options.Bsroot, Answers(cluster, cluster.Ports.Registry));
        var dnsmasq = DnsmasqService.Spec(options.Bsroot, Answers(cluster, DnsPort));
        services.AddSingleton<ProgramStarter>();
        services.AddSingleton(provider => ServiceGroup.Of(
            [
                registry with
                {
                    Prepare = new TornFiles(
                        options.Bsroot.RegistryStorage, provider.GetRequiredService<ILogger<TornFiles>>()).Remove,
                    Watch = Interruption(provider),
                },
                dnsmasq with { Hear = provider.GetRequiredService<DnsmasqListener>().Hear, Watch = Interruption(provider) },
            ],
            provider.GetRequiredService<ProgramStarter>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<BackgroundHealth>(),
            options.Time,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ServiceGroup>());
        services.AddHostedService<Reconciler>();
        services.AddHostedService<CheckUp>();
        services.AddSingleton(new RegistryClient(
            new IPEndPoint(cluster.Bootstrapper, cluster.Ports.Registry), options.Bsroot.CaCertificate));
        services.AddSingleton<RegistryTurn>();
        services.AddHostedService<Preloader>();
        services.AddSingleton<RegistryMode>();
        services.AddSingleton(provider => new GarbageCollection(
            options.Bsroot,
            provider.GetRequiredService<RegistryMode>().SetReadOnlyAsync,
            provider.GetRequiredService<RegistryTurn>(),
            provider.GetRequiredService<ILogger<GarbageCollection>>(),
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddHostedService(provider => new FrontLeafRenewal(
            provider.GetRequiredService<Authorities>(),
            provider.GetRequiredService<FrontLeaf>(),
            () => provider.GetRequiredService<CurrentSnapshot>().Value.Cluster,
            () => provider.GetRequiredService<ServiceGroup>().Apply([Activation.FrontCertificatePath]),
            provider.GetRequiredService<BackgroundHealth>(),
            options.Time,
            provider.GetRequiredService<ILogger<FrontLeafRenewal>>()));
    }

    private static Func<CancellationToken, Task<bool>> Answers(ClusterDescription cluster, int port) =>
        cancellation => TcpProbe.AnswersAsync(new IPEndPoint(cluster.Bootstrapper, port), cancellation);

    /// <summary>The first start interrupts nobody.</summary>
    private static Action<ServiceStatus> Interruption(IServiceProvider parts) => status =>
    {
        if (status.Restarts > 0 || status.State is ServiceState.BackingOff or ServiceState.Stopped)
        {
            parts.GetRequiredService<Interruptions>().Note(status.Sentence);
        }
    };

    private static void MapEndpoints(WebApplication app, Bsroot bsroot)
    {
        app.UseMiddleware<HeadRequests>();
        app.UseMiddleware<RequestLog>();
        app.UseDashboard();
        app.UseMiddleware<FetchLog>();
        app.UseFiles(bsroot);
        app.UseRouting();
        app.UseMiddleware<OperatorAccess>();
        app.UseMiddleware<UnknownPaths>();
        MapRoutes(app.MapGroup("").AnsweringHead());
    }

    private static void MapRoutes(RouteGroupBuilder routes)
    {
        routes.MapBoot();
        routes.MapInstall();
        routes.MapCloudConfig();
        routes.MapIgnition();
        routes.MapGeneric();
        routes.MapMetadata();
        routes.MapPixiecore();
        routes.MapMayuBoot();
        routes.MapMayuInstall();
        routes.MapSextant();
        routes.MapCertificates();
        routes.MapCsr();
        routes.MapReports();
        routes.MapDiscovery();
        routes.MapHealth();
        routes.MapMetrics();
        routes.MapWhoami();
        routes.MapNodes();
        routes.MapEvents();
        routes.MapAudit();
        routes.MapRegistry();
        routes.MapCluster();
        routes.MapDescription();
        routes.MapMayu();
        routes.MapEtcd();
        routes.MapApiDescription();
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

    public OtelVariables Otel { get; init; } = OtelVariables.None;

    /// <summary>Asked by SIGHUP.</summary>
    public RereadRequest Reread { get; } = new();
}
