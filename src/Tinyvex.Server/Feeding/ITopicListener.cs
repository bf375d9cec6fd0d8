namespace Tinyvex.Feeding;

/// <summary>Someone who reads topics and wants to know that there is more.</summary>
internal interface ITopicListener
{
    /// <summary>Must return at once.</summary>
    /// <param name="here">Whether a first frame may be sent on this thread, which has nothing else to do.</param>
    void Wake(bool here);
}
