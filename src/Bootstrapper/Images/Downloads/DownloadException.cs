using System.Net;

namespace Bootstrapper.Images.Downloads;

/// <summary>A server did not give us a file.</summary>
internal sealed class DownloadException(Uri from, string reason, HttpStatusCode? status = null, Exception? cause = null)
    : ReleaseException($"cannot download {from}: {reason}", cause)
{
    /// <summary>The server is well and has no such file. Stores behind some servers say «forbidden» for that.</summary>
    public bool IsAbsent => status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden;
}
