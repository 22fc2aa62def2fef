using Bootstrapper.Matchbox;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// What a matchbox directory tells machines to become, on each of matchbox' routes, to anybody: it holds no secrets of ours. What
/// they boot is decided by <see cref="Boot.BootOrders"/>.
/// </summary>
internal static class MatchboxAnswers
{
    public const string MetadataType = "plain/text"; // so, in matchbox

    public static IResult? Ignition(MatchboxDirectory directory, MachineRequest request) =>
        Config(directory, request, profile => profile.Ignition) is { } json ? TypedResults.Text(json, "application/json") : null;

    public static IResult? Cloud(MatchboxDirectory directory, MachineRequest request) =>
        (directory.Find(request) is null
            ? directory.Store.Cloud(request)
            : Config(directory, request, profile => profile.Cloud)) is { } text
            ? BootAnswer.Text(text)
            : null;

    public static IResult? Generic(MatchboxDirectory directory, MachineRequest request) =>
        Config(directory, request, profile => profile.Generic) is { } text ? BootAnswer.Text(text) : null;

    public static IResult? Metadata(MatchboxDirectory directory, MachineRequest request) =>
        directory.Find(request) is { } group ? TypedResults.Text(MetadataText.Of(group.Variables(request)), MetadataType) : null;

    private static string? Config(
        MatchboxDirectory directory, MachineRequest request, Func<MachineProfile, MachineConfig?> kind) =>
        directory.Find(request) is { } group ? kind(group.Profile)?.Render(group.Variables(request)) : null;
}
