using Bootstrapper.Http.Machines;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Ancestors;

/// <summary>
/// <c>/pixiecore/v1/boot/{mac}</c>: what pixiecore asks when it sees a machine (pixiecore, README.api). It leaves the machine
/// alone unless the answer is 200, and so a machine that is to boot its disk gets none.
/// </summary>
internal static class PixiecoreEndpoints
{
    public static void MapPixiecore(this IEndpointRouteBuilder routes) => routes.MapGet("/pixiecore/v1/boot/{mac}", Get);

    private static IResult Answer(NetBoot boot, string? message) =>
        TypedResults.Json(new PixiecoreView(boot.Kernel, boot.Initrd, string.Join(' ', boot.Args), message), InventoryFiles.Json);

    private static IResult Get(string mac, HttpContext context, LoaderRequests loaders) => loaders.Answer(
        context,
        mac,
        (machine, order) => order switch
        {
            { Wait: { } wait } => BootAnswer.Waiting(context, machine, wait),
            { Network: { } boot, AsWritten: true } => Answer(boot, message: null),
            { Network: { } boot } => Answer(boot.NamingInitrd(), $"{machine} boots over the network"),
            _ => BootAnswer.Error(StatusCodes.Status404NotFound, $"{machine} boots from its disk"),
        });
}

/// <summary>The wire form.</summary>
/// <param name="Cmdline">One string; pixiecore takes it for a template, in which <c>{{</c> would begin an action.</param>
/// <param name="Message">Shown before it boots; left out where there is none.</param>
internal sealed record PixiecoreView(string Kernel, IReadOnlyList<string> Initrd, string Cmdline, string? Message);
