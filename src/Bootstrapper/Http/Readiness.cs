using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Doctor;
using Bootstrapper.Host;
using Bootstrapper.Http.Operators;
using Bootstrapper.Images;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;
using Bootstrapper.Registry;
using Bootstrapper.Supervision;

namespace Bootstrapper.Http;

/// <summary>Asks every part how it is.</summary>
/// <param name="services">The children; <c>null</c> where they are not run.</param>
internal sealed class Readiness(
    Bsroot bsroot,
    CurrentSnapshot current,
    LoaderModes loaders,
    ReleaseOverview releases,
    PreloadStatus preload,
    DiskReserve reserve,
    CurrentMatchbox matchbox,
    BackgroundHealth background,
    UnansweredCards unanswered,
    DhcpTurn ownDhcp,
    ServiceGroup? services = null)
{
    /// <summary>Names on one line.</summary>
    private const int MostTold = 3;

    /// <summary>Who may read configs is told in whose words, too: what is wrong is often quoted from one.</summary>
    public IReadOnlyList<PartView> PartsFor(HttpContext context) => Operator.Makes(context, OperatorRole.Operator)
        ? Parts()
        : [.. Parts().Select(part => part.ForStrangers())];

    private IReadOnlyList<PartView> Parts() =>
    [
        Description(),
        .. matchbox.Value is null && matchbox.Rejected.Count == 0
            ? []
            : new[] { Part(Bsroot.MatchboxName, ready: matchbox.Rejected.Count == 0, matchbox.Rejected) },
        Loaders(BootLoaders.Missing(bsroot, current.Value.Cluster), loaders.Unreadable),
        Part(releases.Channels()),
        DiskReadiness.Of(bsroot, reserve.Shortage()),
        .. background.Failing.Select(work => new PartView(work.Key, Ready: true, [work.Value], Degraded: true)
        {
            // Which time servers there are DHCP tells everybody.
            Outline = [work.Key == TimeServers.Name ? work.Value : "failed; the log says why"],
        }),
        .. Dhcp(),
        .. services is null ? [] : OfChildren(services),
    ];

    /// <summary>Our own server; where dnsmasq gives out the addresses, its part says how that is.</summary>
    private IEnumerable<PartView> Dhcp()
    {
        var isOurs = current.Value.HasBuiltInDhcp && services is not null;
        var isReady = !isOurs || ownDhcp.IsTaken;
        IReadOnlyList<string> said =
        [
            .. !isOurs ? Array.Empty<string>() : [isReady ? "built-in: answers" : "built-in: does not answer"],
            .. new[] { unanswered.Problem }.OfType<string>(),
        ];
        return said.Count == 0 ? [] : [new PartView("DHCP", isReady, said, Degraded: isReady && unanswered.Problem is not null)];
    }

    private static PartView Loaders(IReadOnlyList<string> missing, IReadOnlyList<string> unreadable) => new(
        "boot loaders",
        Ready: missing.Count == 0,
        [.. missing, .. unreadable],
        Degraded: missing.Count == 0 && unreadable.Count > 0);

    /// <summary>Degraded where a file beside it is broken: all the rest is in force.</summary>
    private PartView Description()
    {
        var problems = current.Rejected.Count > 0 ? current.Rejected : current.Value.Beside.Problems;
        return Part(
            "description",
            ready: current.Rejected.Count == 0,
            current.IsHeld ? [DescriptionOnDisk.Held, .. problems] : problems);
    }

    /// <summary>Problems quote what they are about: strangers are told where each is, and nothing of what stands there.</summary>
    private static PartView Part(string name, bool ready, IReadOnlyList<Problem> problems) => new(
        name,
        ready,
        [.. problems.Select(problem => problem.Format(Bsroot.DescriptionName))],
        Degraded: ready && problems.Count > 0)
    {
        Outline =
        [
            .. problems.Select(problem => $"{problem.Place(Bsroot.DescriptionName)}; the log and operators are told what"),
        ],
    };

    /// <summary>Each child, and what is loaded into one of them.</summary>
    private IEnumerable<PartView> OfChildren(ServiceGroup services) =>
    [
        .. services.Status.Select(service => new PartView(service.Name, service.State == ServiceState.Ready, Detail(service))
        {
            Outline = Detail(service with { LastError = null }),
        }),
        Images(preload.Progress, current.Value.ImagesByTag),
    ];

    private static IReadOnlyList<string> Detail(ServiceStatus service) => service.State == ServiceState.Ready
        ? []
        : [$"{service.State.ToString().ToLowerInvariant()} since "
            + $"{service.Since:u}{(service.LastError is { } error ? $": {error}" : "")}"];

    private static PartView Part(IReadOnlyList<ChannelView> channels) =>
        new("releases", channels.All(channel => channel.Ready), [.. channels.Select(channel => channel.Text)])
        {
            Outline = [.. channels.Select(channel => channel.Outline)],
        };

    /// <summary>
    /// An image that is missing keeps us from nothing: what it is for may not be wanted yet. Until it is here, nodes are told its
    /// tag.
    /// </summary>
    private static PartView Images(PreloadProgress images, IReadOnlyList<ImageReference> byTag) => new(
        "images",
        images.IsReady,
        Detail(images, byTag, images.Problems),
        Degraded: images.IsReady && (images.Missing.Count > 0 || byTag.Count > 0))
    {
        Outline = Detail(
            images,
            byTag,
            images.Problems.Count == 0 ? [] : [$"problems: {images.Problems.Count}; the log and operators are told which"]),
    };

    private static IReadOnlyList<string> Detail(
        PreloadProgress images, IReadOnlyList<ImageReference> byTag, IReadOnlyList<string> problems) =>
    [
        images.Missing.Count == 0 ? $"{images.Arrived} of {images.Total} are in the registry"
            : $"{images.Missing.Count} that nodes will ask for are missing ({FirstOf(images.Missing)}): "
                + "run 'bootstrapper fetch images'",
        .. problems,
        .. images.Missing.Count > 0 || byTag.Count == 0 ? Array.Empty<string>() :
        [
            $"nodes are told {byTag.Count} by tag and not by digest, for they were not here yet: {FirstOf(byTag)}",
        ],
    ];

    private static string FirstOf<T>(IReadOnlyList<T> images) =>
        string.Join(", ", images.Take(MostTold)) + (images.Count > MostTold ? ", …" : "");
}
