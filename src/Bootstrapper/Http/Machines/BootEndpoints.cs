using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// What iPXE and GRUB ask, at matchbox's addresses, and the live system that an operator signed. The answer is
/// <see cref="BootOrders"/>', like that in pxelinux' files, and is made for each request.
/// </summary>
internal static class BootEndpoints
{
    public static void MapBoot(this IEndpointRouteBuilder routes)
    {
        routes.MapSigned("/boot.ipxe", () => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/boot.ipxe.0", () => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/start.ipxe", () => BootAnswer.Text(IpxeScript.Start));
        routes.MapSigned(
            "/ipxe",
            (HttpContext context, LoaderRequests loaders) => loaders.Answer(context, _ => Ipxe(context)));
        routes.MapSigned(
            "/grub",
            (HttpContext context, LoaderRequests loaders) => loaders.Answer(context, cluster => Grub(context, cluster)));
        routes.MapGet("/start.sh", (HttpContext context, CurrentSnapshot current) => BootAnswer.Script(
            current.Value.StartScript(Client.Address(context), context.Request.IsHttps)));
        routes.MapGet("/order", (HttpContext context, LoaderRequests loaders, DiskRestarts restarts) =>
            loaders.Answer(context, _ => Signed(() => restarts.Pause(Client.Address(context)))));
        routes.MapSigned(
            GrubsOwn,
            (HttpContext context, CurrentSnapshot current) => BootAnswer.Text(
                GrubConfig.FirstOverHttp(current.Value.Cluster.SeenFrom(Client.Address(context)))));
    }

    /// <summary>GRUB looks below the directory that it was built with, at whoever it was loaded from.</summary>
    private const string GrubsOwn = $"/{LoaderChoice.GrubDirectory}/grub.cfg";

    private static LoaderLanguage Ipxe(HttpContext context)
    {
        var retries = context.Request.Query.ContainsKey(IpxeScript.Retry);
        var query = Query(context);
        return new LoaderLanguage
        {
            Network = boot =>
                retries ? IpxeScript.BootOrRetry(boot.NamingInitrd(), query) : IpxeScript.Boot(boot.NamingInitrd()),
            AsWritten = IpxeScript.Boot,
            LocalDisk = (machine, _) => IpxeScript.LocalDisk(machine),
            Waiting = IpxeScript.Waiting,
            AskForMemory = () => IpxeScript.WithMemory(query),
            OtherLoader = context.Request.Query.ContainsKey(IpxeScript.Unable) ? IpxeScript.OtherIpxe : null,
        };
    }

    private static LoaderLanguage Grub(HttpContext context, ClusterDescription cluster) => new()
    {
        Network = GrubConfig.Boot,
        AsWritten = GrubConfig.BootAsWritten,
        LocalDisk = (_, _) => GrubConfig.LocalDisk,
        Waiting = (machine, wait) => GrubConfig.Waiting(
            machine, $"{Urls.Base(cluster)}/grub?{Query(context).Replace("%3A", ":", StringComparison.Ordinal)}", wait),
    };

    /// <param name="pause">How long the machine is to wait before it restarts; each time that it is told counts.</param>
    private static LoaderLanguage Signed(Func<TimeSpan> pause) => new()
    {
        Network = StartOrder.Boot,
        AsWritten = StartOrder.NotThat,
        LocalDisk = (machine, disk) => StartOrder.LocalDisk(machine, disk, pause()),
        Nothing = reason => StartOrder.Nothing(reason, pause()),
        Waiting = StartOrder.Waiting,
    };

    /// <summary>What it asked, to be asked again: encoded anew, since iPXE fills in what looks like a variable.</summary>
    private static string Query(HttpContext context) => string.Join('&',
        from parameter in context.Request.Query
        where parameter.Key is not (IpxeScript.Memory or IpxeScript.Unable)
        from value in parameter.Value
        select $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value ?? "")}");
}
