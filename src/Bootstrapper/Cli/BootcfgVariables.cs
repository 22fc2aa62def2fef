namespace Bootstrapper.Cli;

/// <summary>
/// bootcfg's environment, <c>BOOTCFG_…</c>, which a unit or a <c>docker run</c> that was taken over may still set. None has an
/// effect, and no one would see why.
/// </summary>
internal static class BootcfgVariables
{
    private const string Prefix = "BOOTCFG_";

    /// <param name="names">Of all variables. Values are left out: one of bootcfg's is a passphrase.</param>
    /// <returns>What to do instead; <c>null</c> where none is set.</returns>
    public static string? Remark(IEnumerable<string> names) =>
        names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList()
            is { Count: > 0 } set
            ? $"{string.Join(", ", set)} has no effect: what bootcfg took from the environment is in cluster-desc.yml and the "
                + "data root; docs/matchbox.md lists what takes its place"
            : null;
}
