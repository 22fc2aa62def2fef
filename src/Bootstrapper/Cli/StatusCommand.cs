using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Http;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper status [--url URL]</c></summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var url = CommonOptions.WithoutDefault(
            "--url", "URL", "Where the bootstrapper answers; default: on this host, where that of the data root listens.");
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("status", """
            Shows the state of a running bootstrapper's parts: the services, the boot loaders, the releases.

            Exit code 0 when every part is ready, 69 when one is not or there is no answer.
            """) { url, bsroot, OutputFormat.OfFindings };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, parsed.GetValue(url) ?? UrlHere(parsed.Bsroot(bsroot)), cancellation));
        return command;
    }

    private static string UrlHere(Bsroot bsroot) =>
        DaemonAddress.In(bsroot)?.Health.OriginalString ?? $"http://127.0.0.1:{new Ports().Http}";

    private static async Task<int> RunAsync(ParseResult parsed, string url, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"error: invalid --url: expected http://… or https://…, got '{url}'");
            return ExitCode.Usage;
        }

        try
        {
            using var http = new HttpClient { Timeout = Patience };
            // 503 has an answer too
            using var response = await http.GetAsync(new Uri(url.TrimEnd('/') + "/readyz"), cancellation);
            var view = await response.Content.ReadFromJsonAsync<ReadyView>(cancellation);
            if (!OutputFormat.OfFindings.WriteForPrograms(parsed, view))
            {
                Print(view!, parsed.InvocationConfiguration.Output);
            }

            return view!.Ready ? ExitCode.Success : ExitCode.Unavailable;
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or JsonException
            or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"error: {url} does not answer as expected: {failure.Message}");
            return ExitCode.Unavailable;
        }
    }

    private static void Print(ReadyView view, TextWriter output)
    {
        var widest = view.Parts.Max(part => part.Name.Length);
        foreach (var part in view.Parts)
        {
            var state = part.Degraded ? "degraded" : part.Ready ? "ready" : "not ready";
            var head = $"{part.Name.PadRight(widest)}  {state,-9}  ";
            output.WriteProse((head + string.Concat(part.Detail.Take(1))).TrimEnd(), hanging: head.Length);
            foreach (var detail in part.Detail.Skip(1))
            {
                output.WriteProse(detail, head.Length, head.Length);
            }
        }
    }
}
