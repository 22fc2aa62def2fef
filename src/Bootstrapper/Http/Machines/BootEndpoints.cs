using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// What iPXE and GRUB ask, at matchbox's addresses. The answer is <see cref="Boot.BootOrders"/>', like that in pxelinux' files,
/// and is made for each request.
/// </summary>
internal static class BootEndpoints
{
    public static void MapBoot(this IEndpointRouteBuilder routes)
    {
        routes.MapSigned("/boot.ipxe", (HttpContext _, Bsroot _) => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/boot.ipxe.0", (HttpContext _, Bsroot _) => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/start.ipxe", (HttpContext _, Bsroot _) => BootAnswer.Text(IpxeScript.Start));
        routes.MapSigned(
            "/ipxe",
            (HttpContext context, LoaderRequests loaders) => loaders.Answer(context, Ipxe(context), MatchboxAnswers.Ipxe));
        routes.MapSigned(
            "/grub",
            (HttpContext context, LoaderRequests loaders) => loaders.Answer(context, Grub, MatchboxAnswers.Grub));
    }

    private static LoaderLanguage Ipxe(HttpContext context)
    {
        var retries = context.Request.Query.ContainsKey(IpxeScript.Retry);
        var query = Query(context);
        return new LoaderLanguage(
            boot => retries ? IpxeScript.BootOrRetry(boot.NamingInitrd(), query) : IpxeScript.Boot(boot.NamingInitrd()),
            IpxeScript.LocalDisk,
            (node, _, wait) => IpxeScript.Waiting(node.HostName, wait))
        {
            AskForMemory = () => IpxeScript.WithMemory(query),
            OtherLoader = context.Request.Query.ContainsKey(IpxeScript.Unable)
                ? new OtherLoader(IpxeScript.OtherIpxe, IpxeScript.Waiting)
                : null,
        };
    }

    /// <summary>What it asked, to be asked again: encoded anew, since iPXE fills in what looks like a variable.</summary>
    private static string Query(HttpContext context) => string.Join('&',
        from parameter in context.Request.Query
        where parameter.Key is not (IpxeScript.Memory or IpxeScript.Unable)
        from value in parameter.Value
        select $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value ?? "")}");

    private static readonly LoaderLanguage Grub = new(GrubConfig.Boot, _ => GrubConfig.LocalDisk, GrubConfig.Waiting);
}
