namespace Tinyvex.Feeding;

/// <summary>Someone who reads topics and wants to know that there is more. Must return at once.</summary>
internal interface ITopicListener
{
    void Wake();
}
