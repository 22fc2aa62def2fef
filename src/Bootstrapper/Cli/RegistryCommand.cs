using System.CommandLine;
using System.Globalization;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper registry gc</c></summary>
internal static class RegistryCommand
{
    public static Command Create() =>
        new("registry", "Maintains the container registry of a running bootstrapper.") { Collect() };

    private static Command Collect() => ApiOptions.Command(
        "gc",
        """
        Frees the space of images that no tag names any more.

        The running bootstrapper does it, and this waits for it; it requires the admin role. Meanwhile its registry
        answers pulls and refuses pushes; a push that is under way fails and must be repeated.
        """,
        async (parsed, api, cancellation) =>
        {
            var freed = await api.CollectGarbageAsync(cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"freed {freed.Bytes / 1e6:F1} MB: {freed.Blobs} blobs, {freed.Manifests} of the manifests had no tag"));
        });
}
