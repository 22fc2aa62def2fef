using System.Net;
using System.Net.Http.Headers;

namespace Bootstrapper.Images.Downloads;

/// <summary>One attempt at one file: asks for what is missing, and takes what the server thinks right.</summary>
internal sealed class Transfer(HttpClient http, Uri from, PartialFile partial, string name, IProgress<FileProgress> progress)
{
    private const int BlockSize = 256 * 1024;

    public async Task RunAsync(Patience patience)
    {
        using var response = await AskAsync(patience.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            progress.Report(new FileProgress(name, partial.Length, partial.Length));
            return;
        }

        await TakeAsync(response, patience);
        partial.Flush();
    }

    /// <returns>The file from where we stand, or from its beginning; or «not satisfiable», and then all of it is here.</returns>
    private async Task<HttpResponseMessage> AskAsync(CancellationToken cancellation)
    {
        var response = await SendAsync(cancellation);
        if (IsOutOfStep(response))
        {
            response.Dispose();
            partial.Restart(origin: null);
            response = await SendAsync(cancellation);
        }

        return response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? response : response.EnsureSuccessStatusCode();
    }

    private async Task<HttpResponseMessage> SendAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, from);
        if (partial.Length > 0 && partial.Origin is { } origin && origin.Url == from)
        {
            request.Headers.Range = new RangeHeaderValue(partial.Length, null);
            request.Headers.IfRange = origin.Condition;
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>Whether the server means another part of the file than we asked for, or a shorter file.</summary>
    private bool IsOutOfStep(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.PartialContent => response.Content.Headers.ContentRange?.From != partial.Length,
        HttpStatusCode.RequestedRangeNotSatisfiable => response.Content.Headers.ContentRange?.Length != partial.Length,
        _ => false,
    };

    private async Task TakeAsync(HttpResponseMessage response, Patience patience)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            partial.Restart(Origin.Of(from, response));
        }

        var rest = response.Content.Headers.ContentLength;
        partial.Reserve(rest ?? 0);
        await CopyAsync(response, partial.Length + rest, patience);
    }

    private async Task CopyAsync(HttpResponseMessage response, long? total, Patience patience)
    {
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var block = new byte[BlockSize];
        for (int read; (read = await body.ReadAsync(block, patience.Token)) > 0;)
        {
            patience.Renew();
            await partial.AppendAsync(block.AsMemory(0, read), patience.Token);
            progress.Report(new FileProgress(name, partial.Length, total));
        }
    }
}
