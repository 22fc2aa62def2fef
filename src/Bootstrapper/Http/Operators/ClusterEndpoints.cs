using System.Net;
using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Registry;

namespace Bootstrapper.Http.Operators;

/// <summary>The cluster as a whole, what its machines may become, and which addresses are taken.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/cluster", Cluster).For(OperatorRole.Viewer).WithName("getCluster").WithTags("cluster")
            .WithSummary("Shows the cluster at a glance.").Produces<ClusterView>();
        routes.MapGet("/api/v1/profiles", Profiles).For(OperatorRole.Viewer).WithName("listProfiles").WithTags("cluster")
            .WithSummary("Lists the profiles in file order.").Produces<IReadOnlyList<ProfileView>>();
        routes.MapGet("/api/v1/leases", Leases).For(OperatorRole.Viewer).WithName("listLeases").WithTags("cluster")
            .WithSummary("Lists what DHCP has leased.").Produces<IReadOnlyList<LeaseView>>();
        routes.MapGet("/api/v1/releases", (ReleaseOverview releases) => TypedResults.Ok(releases.Channels()))
            .For(OperatorRole.Viewer).WithName("listReleases").WithTags("cluster")
                .WithSummary("Lists the operating system releases of each channel in use.")
                .Produces<IReadOnlyList<ChannelView>>();
        routes.MapGet("/api/v1/images", (PreloadStatus preload) => TypedResults.Ok(ImagesView.Of(preload.Progress)))
            .For(OperatorRole.Viewer).WithName("getImages").WithTags("cluster")
                .WithSummary("Shows which container images are in the registry, and which are missing.").Produces<ImagesView>();
    }

    private static IResult Cluster(
        HttpContext context, Bsroot bsroot, CurrentSnapshot current, NodeCatalog catalog, Readiness readiness)
    {
        var disk = new DriveInfo(bsroot.Root);
        var nodes = catalog.All();
        var states = nodes.CountBy(view => view.State).ToDictionary();
        var phases = nodes.CountBy(view => view.Phase).ToDictionary();
        return TypedResults.Ok(new ClusterView(
            ProgramVersion.Text,
            current.Value.Cluster.Bootstrapper,
            current.Value.Cluster.DomainName,
            Enum.GetValues<NodeState>().ToDictionary(
                NodeLifecycle.Name, state => states.GetValueOrDefault(state), StringComparer.Ordinal),
            Enum.GetValues<NodePhase>().ToDictionary(
                phase => phase.ToString().ToLowerInvariant(), phase => phases.GetValueOrDefault(phase), StringComparer.Ordinal),
            readiness.PartsFor(context),
            disk.AvailableFreeSpace,
            disk.TotalSize));
    }

    private static IResult Profiles(CurrentSnapshot current)
    {
        var cluster = current.Value.Cluster;
        return TypedResults.Ok(cluster.Profiles.Select(profile => new ProfileView(
            profile.Name,
            profile.Quantity,
            cluster.Nodes.Count(node => node.Profile == profile.Name),
            profile.Tags,
            profile.Channel ?? cluster.Os.Channel)).ToList());
    }

    private static IResult Leases(LeaseFile leases, CurrentSnapshot current, NodeInventory inventory) =>
        TypedResults.Ok(leases.Current().OrderBy(lease => lease.Address, AddressOrder).Select(lease => new LeaseView(
            lease.Address,
            lease.Mac,
            current.Value.Nodes.Find(lease.Mac)?.HostName ?? inventory.Find(lease.Mac)?.HostName ?? lease.HostName,
            lease.Expiry == DateTimeOffset.MaxValue ? null : lease.Expiry)).ToList());

    private static readonly Comparer<IPAddress> AddressOrder =
        Comparer<IPAddress>.Create((x, y) => x.GetAddressBytes().AsSpan().SequenceCompareTo(y.GetAddressBytes()));
}

/// <summary>The wire form of the cluster.</summary>
/// <param name="Nodes">How many machines are in each state.</param>
/// <param name="Phases">How many are doing what; the most urgent first.</param>
/// <param name="Parts">What <c>/readyz</c> tells who asks.</param>
/// <param name="DiskFree">Bytes left where the data root lies.</param>
/// <param name="DiskSize">Bytes in all.</param>
internal sealed record ClusterView(
    string Version,
    IPAddress Bootstrapper,
    string DomainName,
    IReadOnlyDictionary<string, int> Nodes,
    IReadOnlyDictionary<string, int> Phases,
    IReadOnlyList<PartView> Parts,
    long DiskFree,
    long DiskSize);

/// <summary>The wire form of a profile.</summary>
/// <param name="Quantity">How many machines may have it; <c>null</c> for any number.</param>
/// <param name="Assigned">How many have it.</param>
internal sealed record ProfileView(string Name, int? Quantity, int Assigned, IReadOnlyList<string> Tags, string Channel);

/// <summary>The wire form of a lease.</summary>
/// <param name="HostName">The node's name, or else what the machine calls itself.</param>
/// <param name="Expiry"><c>null</c> for never.</param>
internal sealed record LeaseView(IPAddress Address, MacAddress Mac, string? HostName, DateTimeOffset? Expiry);

/// <summary>The wire form of the container images in the registry.</summary>
/// <param name="Arrived">How many are in the registry of the <paramref name="Total"/> that the archives hold.</param>
/// <param name="Problems">Archives that could not be read, and images that could not be copied.</param>
/// <param name="Missing">Images that nodes will ask for, and that are not in the registry.</param>
internal sealed record ImagesView(
    bool Ready, int Arrived, int Total, IReadOnlyList<string> Problems, IReadOnlyList<string> Missing)
{
    public static ImagesView Of(PreloadProgress progress) =>
        new(progress.IsReady, progress.Arrived, progress.Total, progress.Problems, progress.Missing);
}
