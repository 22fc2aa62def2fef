using Bootstrapper.Cluster;
using Bootstrapper.Http.Machines;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Http.Ancestors;

/// <summary>
/// What machines ask that were set up for mayu: one script for all, and the release's files under names that are the same for
/// every version.
/// </summary>
internal static class MayuBootEndpoints
{
    private const string Kernel = "vmlinuz", Initrd = "initrd.cpio.gz", Image = "install_image.bin.bz2";

    private static readonly string[] Names = ["uuid", "serial", "mac", "hostname"];

    /// <summary>Word for word mayu's.</summary>
    public static IResult NoSerial { get; } = TypedResults.Text("no serial ? :/", statusCode: StatusCodes.Status400BadRequest);

    public static void MapMayuBoot(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ipxebootscript", BootScript);
        foreach (var file in new[] { Kernel, Initrd, Image })
        {
            routes.MapGet(
                $"/images/{file}",
                (CurrentSnapshot current, Bsroot bsroot) => Release(bsroot, current.Value.Cluster, node: null, file));
            routes.MapGet($"/images/{{serial}}/{file}", (string serial, CurrentSnapshot current, Bsroot bsroot) =>
                Release(
                    bsroot,
                    current.Value.Cluster,
                    SerialNumber.TryParse(serial, null, out var known) ? current.Value.Nodes.Find(known) : null,
                    file));
        }
    }

    /// <summary>Whether a machine asks as mayu's do, and knows nothing of itself.</summary>
    public static bool NamesNobody(HttpContext context) =>
        context.Request.Query is var query && query.ContainsKey("uuid") && query.ContainsKey("serial")
        && Names.All(name => string.IsNullOrEmpty(query[name]));

    /// <summary>
    /// Every machine asks with the same words, so only its address tells which it is. One whose address tells nothing is given
    /// mayu's script.
    /// </summary>
    private static IResult BootScript(
        HttpContext context, CurrentSnapshot current, MachineAddresses addresses, LoaderRequests loaders)
    {
        var (asker, snapshot) = (Client.Address(context), current.Value);
        IResult First() => BootAnswer.Text(Script(snapshot.Cluster));
        return (addresses.NodeAt(asker, snapshot.Nodes)?.Mac ?? addresses.MachineAt(asker, snapshot.Nodes)) is { } mac
            ? loaders.Answer(
                context, mac.ToString(), (machine, order) => BootAnswer.Text(Language.Tell(machine, order)), First)
            : First();
    }

    private static readonly LoaderLanguage Language = new()
    {
        Network = boot => IpxeScript.Boot(boot.NamingInitrd()),
        AsWritten = IpxeScript.Boot,
        LocalDisk = (machine, _) => IpxeScript.LocalDisk(machine),
        Waiting = IpxeScript.Waiting,
    };

    /// <summary>A system that lives in memory, and is told by Ignition what to become.</summary>
    private static string Script(ClusterDescription cluster)
    {
        var (url, arguments) = (Urls.Base(cluster), ReleaseFiles.Of(cluster.Os.Name).Arguments);
        return $$"""
            #!ipxe
            dhcp
            kernel {{url}}/images/{{Kernel}} {{arguments}}.first_boot=1 initrd={{Initrd}} {{arguments}}.config.url={{url}}/ignition?uuid=${uuid}&serial=${serial} systemd.journald.max_level_console=debug verbose log_buf_len=10M
            initrd {{url}}/images/{{Initrd}}
            boot

            """;
    }

    /// <param name="node">Whose serial number is in the path; <c>null</c> for the release of the whole cluster.</param>
    private static IResult Release(Bsroot bsroot, ClusterDescription cluster, Node? node, string file)
    {
        var names = ReleaseFiles.Of(cluster.Os.Name);
        var name = file switch { Kernel => names.Kernel, Initrd => names.Initrd, _ => names.Image };
        var path = Path.Combine(bsroot.Www, node?.Channel ?? cluster.Os.Channel, cluster.Os.Version, name);
        return File.Exists(path)
            ? TypedResults.PhysicalFile(path, "application/octet-stream", enableRangeProcessing: true)
            : BootAnswer.Error(StatusCodes.Status404NotFound, "this file of the release is missing");
    }
}
