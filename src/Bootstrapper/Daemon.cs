using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Http;
using Bootstrapper.Images;
using Bootstrapper.Inventory;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Supervision;
using Serilog;

namespace Bootstrapper;

/// <summary>Puts the parts together. The only place that knows them all.</summary>
internal static class Daemon
{
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
        return app;
    }

    private static void AddParts(IServiceCollection services, DaemonOptions options, Snapshot first)
    {
        services.AddSingleton(options.Bsroot);
        services.AddSingleton(options.Time);
        services.AddSingleton(CertificateAuthority.Open(options.Bsroot, options.Time));
        services.AddSingleton<FrontLeaf>();
        services.AddSingleton<NodeLeaves>();
        services.AddSingleton(new CurrentSnapshot(first));
        services.AddSingleton(new InventoryFiles(options.Bsroot.Inventory));
        services.AddSingleton<BootFiles>();
        services.AddSingleton<NodeInventory>();
        services.AddSingleton(new LeaseFile(options.Bsroot.DnsmasqLeases, options.Time));
        services.AddSingleton(new NeighbourTable());
        services.AddSingleton<MachineAddresses>();
        services.AddSingleton<NodeSelection>();
        services.AddSingleton<SecretsGuard>();
        services.AddSingleton<NodeRequests>();
        services.AddSingleton<Readiness>();
        services.AddSingleton(new DnsmasqCheck(options.Dnsmasq));
        services.AddSingleton(provider => new Activation(
            options.Bsroot,
            provider.GetRequiredService<CurrentSnapshot>(),
            provider.GetRequiredService<FrontLeaf>(),
            provider.GetRequiredService<DnsmasqCheck>(),
            snapshot => provider.GetRequiredService<NodeInventory>().WriteBootFiles(snapshot.Cluster.Nodes)));
    }

    private static void MapEndpoints(WebApplication app, Bsroot bsroot)
    {
        app.UseMiddleware<RequestLog>();
        app.UseFiles(bsroot);
        app.UseRouting();
        app.MapInstall();
        app.MapCloudConfig();
        app.MapCertificates();
        app.MapReports();
        app.MapHealth();
    }
}

/// <summary>What <c>serve</c> was told on its command line.</summary>
internal sealed record DaemonOptions(Bsroot Bsroot, Serilog.ILogger Log)
{
    /// <summary>Program, looked up on the path.</summary>
    public string Dnsmasq { get; init; } = "dnsmasq";

    /// <summary>CNCF distribution's server; Debian calls it <c>docker-registry</c>.</summary>
    public string Registry { get; init; } = "docker-registry";

    /// <summary>Whether dnsmasq and the registry are run; tests of HTTP alone need neither.</summary>
    public bool Children { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
