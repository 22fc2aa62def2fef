using Bootstrapper.Http.Ancestors;
using Bootstrapper.Http.Machines;
using Bootstrapper.Http.Metrics;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Bootstrapper.Http;

/// <summary>What the endpoints ask: of machines, of operators, and of whoever watches us.</summary>
internal static class HttpServices
{
    public static void AddHttp(this IServiceCollection services, Bsroot bsroot, TimeProvider time, OtelVariables otel)
    {
        services.AddMachines();
        services.AddOperators(bsroot, time);
        services.AddSingleton<Readiness>();
        services.AddTelemetry(otel);
        services.AddConnections(time);
    }

    private static void AddConnections(this IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton<ConnectionSources>();
        services.AddSingleton<UploadRoom>();
        services.AddSingleton<ConnectionStanding>();
        services.AddSingleton(parts => new ConnectionLimits(
            ConnectionLimits.Descriptors(),
            parts.GetRequiredService<ConnectionStanding>().Of,
            time,
            parts.GetRequiredService<ILogger<ConnectionLimits>>()));
        services.AddSingleton<IConnectionListenerFactory>(parts => new LimitedTransport(
            parts.GetRequiredService<IOptions<SocketTransportOptions>>(),
            parts.GetRequiredService<ILoggerFactory>(),
            parts.GetRequiredService<ConnectionSources>().Admit,
            parts.GetRequiredService<ConnectionLimits>(),
            stall: TimeSpan.FromMinutes(2)));
    }

    private static void AddMachines(this IServiceCollection services)
    {
        services.AddSingleton<NodeSelection>();
        services.AddSingleton<HostsForOperators>();
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<SecretsGuard>();
        services.AddSingleton<NodeRequests>();
        services.AddSingleton<LoaderRequests>();
        services.AddSingleton<CsrEndpoints>();
        services.AddSingleton<ChunkEndpoints>();
        services.AddSingleton<FileTurns>();
        services.AddSingleton<RunningFetches>();
        services.AddSingleton<Discovery>();
    }

    private static void AddOperators(this IServiceCollection services, Bsroot bsroot, TimeProvider time)
    {
        var tokens = new OperatorTokens(bsroot, time);
        tokens.Ensure();
        services.AddSingleton(tokens);
        services.AddSingleton<Sessions>();
        services.AddSingleton<OperatorCertificates>();
        services.AddSingleton<WrongTokens>();
        services.AddSingleton<TokenRequests>();
        services.AddSingleton<NodeCatalog>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton<EtcdMajority>();
        services.AddSingleton<PowerOrders>();
        services.AddSingleton<PowerRestart>();
        services.AddSingleton<Consoles>();
        services.AddSingleton<StandingAccess>();
        services.AddSingleton<EventStream>();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => InventoryFiles.Configure(json.SerializerOptions));
        services.AddApiDescription();
    }
}
