using Bootstrapper.Http.Ancestors;
using Bootstrapper.Http.Machines;
using Bootstrapper.Http.Metrics;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Http;

/// <summary>
/// Everything that can be asked, whole. What stands higher sees a request earlier and its answer later; of the routes, the most
/// exact one answers, wherever it stands.
/// </summary>
internal static class Pipeline
{
    public static void UsePipeline(this WebApplication app, Bsroot bsroot)
    {
        app.UseMiddleware<HeadRequests>(); // below it, HEAD is GET whose body nobody sends
        app.UseMiddleware<RequestLog>(); // a line for each request; whatever is thrown below becomes an answer
        app.UseMiddleware<SlashRuns>(); // below it, no path has two slashes in a row
        app.UseDashboard(); // before the log of what machines fetch: it is not for them
        app.UseMiddleware<FetchLog>();
        app.UseMiddleware<FileTurns>(); // what is sent as a file below it, one address takes turns for
        app.UseFiles(bsroot); // before the routes: an operator's own file takes the place of ours
        app.UseRouting();
        app.UseMiddleware<OperatorAccess>(); // behind routing: the endpoint says which role it requires
        app.UseMiddleware<UnknownPaths>();

        var routes = app.MapGroup("").AnsweringHead();

        // Machines/: what a machine asks from power on until it is installed, and after
        routes.MapBoot();
        routes.MapInstall();
        routes.MapCloudConfig();
        routes.MapIgnition();
        routes.MapGeneric();
        routes.MapMetadata();
        routes.MapHosts();
        routes.MapCertificates();
        routes.MapCsr();
        routes.MapReports();
        ChunkEndpoints.Map(routes);
        routes.MapDiscovery();

        // Ancestors/: the same under the addresses of pixiecore, mayu, sextant and etcd's discovery
        routes.MapPixiecore();
        routes.MapMayuBoot();
        routes.MapMayuInstall();
        routes.MapMayu();
        routes.MapSextant();
        routes.MapEtcd();

        // Operators/: /api/v1, over TLS and by role
        routes.MapWhoami();
        routes.MapSession();
        routes.MapNodes();
        routes.MapPower();
        routes.MapHardware();
        routes.MapWake();
        routes.MapConsole();
        routes.MapEvents();
        routes.MapAudit();
        routes.MapRegistry();
        routes.MapRegistryTokens();
        routes.MapCluster();
        routes.MapKubernetes();
        routes.MapWall();
        routes.MapDescription();
        routes.MapPlan();
        routes.MapApply();
        routes.MapApiDescription();

        // whoever watches us
        routes.MapHealth();
        routes.MapMetrics();
    }
}
