using System.Text.Json;
using Bootstrapper.Model;

namespace Bootstrapper.Matchbox;

/// <summary>A group as it is written: <c>groups/*.json</c>.</summary>
/// <param name="Selector">Label names and values, which must be text.</param>
internal sealed record GroupFile(string? Profile, Dictionary<string, JsonElement>? Selector, JsonElement? Metadata);

/// <summary>A profile as it is written: <c>profiles/*.json</c>.</summary>
internal sealed record ProfileFile(BootFile? Boot, string? IgnitionId, string? CloudId, string? GenericId);

/// <summary>What to boot as it is written, in profiles and in bootcfg's <c>boot/</c>.</summary>
/// <param name="Cmdline">bootcfg's way before <c>args</c>: a name without a value is an argument without <c>=</c>.</param>
internal sealed record BootFile(
    string? Kernel, IReadOnlyList<string>? Initrd, IReadOnlyList<string>? Args, SortedDictionary<string, JsonElement>? Cmdline)
{
    /// <returns><c>null</c> where no kernel is named.</returns>
    public NetBoot? ToNetBoot() => string.IsNullOrEmpty(Kernel)
        ? null
        : new NetBoot(Kernel, Initrd ?? [], [.. Args ?? [], .. (Cmdline ?? []).Select(Argument)]);

    private static string Argument(KeyValuePair<string, JsonElement> option) =>
        option.Value.ToString() is { Length: > 0 } value ? $"{option.Key}={value}" : option.Key;
}
