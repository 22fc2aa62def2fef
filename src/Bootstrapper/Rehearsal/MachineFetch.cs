using Bootstrapper.Cluster;

namespace Bootstrapper.Rehearsal;

/// <summary>What loaders and scripts on machines fetch, held to the file to the byte.</summary>
internal static class MachineFetch
{
    /// <returns>Whether an answer came to its end.</returns>
    /// <exception cref="IOException">There is no such file: none can be installed.</exception>
    public static async Task<bool> TakeAsync(
        HttpAsker http, Stage stage, Node node, Uri url, CancellationToken cancellation)
    {
        if (stage.Files.Of(url.AbsolutePath) is not { } part)
        {
            throw new IOException($"{url} is not there, and {node.HostName} is told to fetch it");
        }

        if (await http.FetchAsync(url.PathAndQuery, part.IsCut ? part.Length : null, cancellation) is not { IsGood: true } answer)
        {
            return false;
        }

        if (!part.IsIn(answer))
        {
            stage.Ledger.Fault($"{node.HostName} was sent {answer.Length} bytes for {url} that are not in it");
        }

        stage.Files.Count(part);
        return true;
    }
}
