using System.CommandLine;
using System.Globalization;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper cluster</c>, <c>bootstrapper profile list</c> and <c>bootstrapper lease list</c></summary>
internal static class ClusterCommand
{
    private static readonly Listing<ProfileView> ProfileTable = new(profile => profile.Name,
    [
        new("NAME", profile => profile.Name),
        new("ASSIGNED", profile => profile.Assigned.ToString(CultureInfo.InvariantCulture)),
        new("QUANTITY", profile => profile.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "any"),
        new("TAGS", profile => string.Join(',', profile.Tags)),
        new("CHANNEL", profile => profile.Channel, IsWide: true),
    ]);

    private static readonly Listing<LeaseView> LeaseTable = new(lease => lease.Address.ToString(),
    [
        new("ADDRESS", lease => lease.Address.ToString()),
        new("MAC", lease => lease.Mac.ToString()),
        new("NAME", lease => lease.HostName ?? ""),
        new("EXPIRES", lease => lease.Expiry is { } expiry ? NodeListing.TimeOf(expiry) : "never"),
    ]);

    public static Command Create() => ApiOptions.Command(
        "cluster",
        "Shows the cluster at a glance: machines by state, the bootstrapper's parts, the disk.",
        async (parsed, api, cancellation) =>
            OutputFormat.OfThings.WriteForPrograms(parsed, await api.GetAsync<ClusterView>("/api/v1/cluster", cancellation)),
        OutputFormat.OfThings);

    public static Command Profiles() => new("profile", "Shows the profiles.")
    {
        List("Lists the profiles, and how many machines have each.", "/api/v1/profiles", ProfileTable),
    };

    public static Command Leases() => new("lease", "Shows which addresses are taken.")
    {
        List("Lists what DHCP has leased.", "/api/v1/leases", LeaseTable),
    };

    private static Command List<T>(string description, string path, Listing<T> listing) => ApiOptions.Command(
        "list",
        description,
        async (parsed, api, cancellation) => listing.Write(parsed, await api.GetAsync<List<T>>(path, cancellation)),
        TableOptions.All);
}
