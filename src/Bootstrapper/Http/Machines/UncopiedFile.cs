using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Bootstrapper.Http.Machines;

/// <summary>Answers with bytes of a file that do not come by us: kernels and images are most of what is sent.</summary>
internal static class UncopiedFile
{
    /// <returns>
    /// <c>false</c> where it goes another way: over TLS, to who only looks, and where the answer is not just these bytes.
    /// </returns>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    /// <exception cref="IOException">
    /// The file cannot be read. The connection is cut, so that nobody takes a part for all.
    /// </exception>
    public static async Task<bool> TrySendAsync(
        HttpContext context, string path, long offset, long? count, CancellationToken cancellation)
    {
        if (context.Features.Get<SocketOutput>() is not { } output || Client.OnlyLooks(context))
        {
            return false;
        }

        using var file = File.OpenHandle(
            path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.SequentialScan);
        var rest = RandomAccess.GetLength(file) - offset;
        var length = count ?? rest;
        if (context.Response.ContentLength != length || length > rest)
        {
            return false;
        }

        GiveTime(context);
        await context.Response.StartAsync(cancellation);
        await output.SendAsync(context.Response.BodyWriter, file, offset, length, cancellation);
        if (output.Failure is { } failure)
        {
            await CutAsync(context);
            throw IsOfFile(failure)
                ? new IOException($"{path} could not be sent whole: {failure.Message}", failure)
                : new OperationCanceledException("the client is gone", failure, context.RequestAborted);
        }

        return true;
    }

    /// <summary>
    /// Kestrel gives a write as much time as its bytes need at the lowest rate that it permits. But it does not count what is
    /// written by length alone, so that the time that it gives to any write has to be enough.
    /// </summary>
    private static void GiveTime(HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { MinDataRate: { } rate } limit)
        {
            var needed = TimeSpan.FromSeconds(SocketOutput.Most / rate.BytesPerSecond);
            limit.MinDataRate = new MinDataRate(
                rate.BytesPerSecond, needed > rate.GracePeriod ? needed : rate.GracePeriod);
        }
    }

    /// <summary>Kestrel tells on another thread that it is cut, and what a machine fetched is judged by that.</summary>
    private static async Task CutAsync(HttpContext context)
    {
        context.Abort();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What the socket said is an exception of its own, or within one of its stream.</summary>
    private static bool IsOfFile(Exception failure) => failure is IOException { InnerException: null };
}
